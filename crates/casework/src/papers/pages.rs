//! `GET /papers`: the kinds of papers; `/papers/{paper}`: its layouts, its placeholders, where a changed one comes back.

use askama::Template;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use kernel::time::Day;
use web::ui::{Chip, Csrf, Errors, Field, Tone};
use web::{
    Act, Answer as Page, CtxOf, Desk, Failure, Fields, L, Secret, blocking, done, page,
    page_of_form,
};

use super::actions::{self, Standing};
use super::model::{Paper, Problem};
use super::queries::Version;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/papers", get(list))
        .route("/papers/{paper}", get(one).post(send))
        .route("/papers/{paper}/versions/{version}", get(download))
        .route("/papers/{paper}/take-back/{version}", post(back))
}

/// A `.docx` to be kept by the browser.
pub fn docx_answer(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    kept(kind, &format!("{name}.docx"), bytes)
}

/// An `.xlsx` to be kept by the browser.
pub fn xlsx_answer(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    kept(kind, &format!("{name}.xlsx"), bytes)
}

fn kept(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}

fn title(l: L, paper: Paper) -> String {
    l.t(&format!("papers-kind-{}", paper.code()))
}

struct Row {
    href: String,
    title: String,
    about: String,
    layout: String,
    next: String,
    public: bool,
}

#[derive(Template)]
#[template(path = "papers/templates/list.html")]
struct ListPage {
    l: L,
    rows: Vec<Row>,
}

fn layout_words(l: L, version: Option<&Version>) -> String {
    let Some(version) = version else { return l.t("papers-shipped") };
    let args = [("n", version.version.into()), ("day", version.from.to_string().into())];
    l.t_args("papers-own", &args)
}

async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let l = desk.l;
    let all = blocking(move || actions::list(&ctx)).await?;
    let row = |one: &Standing| Row {
        href: format!("/papers/{}", one.paper.code()),
        title: title(l, one.paper),
        about: l.t(&format!("papers-about-{}", one.paper.code())),
        layout: layout_words(l, one.now.as_ref()),
        next: one.next.as_ref().map(|next| layout_words(l, Some(next))).unwrap_or_default(),
        public: one.paper.is_public(),
    };
    let shell = desk.shell("papers").nav("cases").crumb(l.t("nav-cases"), "/cases");
    page(&shell, ListPage { l, rows: all.iter().map(row).collect() })
}

struct Line {
    words: String,
    from: String,
    name: String,
    by: String,
    at: String,
    download: String,
    back: Option<String>,
    chip: Option<Chip>,
}

#[derive(Template)]
#[template(path = "papers/templates/one.html")]
struct OnePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    problems: Vec<(String, String)>,
    action: String,
    may: bool,
    file: Field,
    from: Field,
    versions: Vec<Line>,
    fields: Vec<(String, String, String, bool)>,
    public: bool,
}

fn line((l, today): (L, Day), paper: Paper, (one, now): (Option<&Version>, i64)) -> Line {
    let version = one.map_or(0, |one| one.version);
    let code = paper.code();
    let chip = match one {
        _ if version == now => Some(Chip::new(Tone::Green, l.t("papers-in-use"))),
        Some(one) if one.from > today => Some(Chip::new(Tone::Accent, l.t("papers-later"))),
        _ => None,
    };
    let words = match one {
        None => l.t("papers-version-shipped"),
        Some(one) => match one.again_of {
            None => l.t1("papers-version", "n", one.version),
            Some(of) => {
                l.t_args("papers-version-again", &[("n", one.version.into()), ("of", of.into())])
            }
        },
    };
    Line {
        words,
        from: one.map(|one| one.from.to_string()).unwrap_or_default(),
        name: one.map(|one| one.name.clone()).unwrap_or_default(),
        by: one.map(|one| one.by.clone()).unwrap_or_default(),
        at: one.map(|one| one.at.local_text()).unwrap_or_default(),
        download: format!("/papers/{code}/versions/{version}"),
        back: (version != now).then(|| format!("/papers/{code}/take-back/{version}")),
        chip,
    }
}

fn known(code: &str) -> Result<Paper, Failure> {
    Paper::of(code).ok_or_else(|| Failure::from(Refusal::not_found("papers.no_such_paper")))
}

async fn shown(
    (ctx, desk, paper): (store::Ctx, Desk, Paper),
    (sent, refused, problems): (Fields, Option<Refusal>, Vec<Problem>),
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let versions = blocking(move || actions::versions(&ctx, paper)).await?;
    let now = versions.iter().find(|one| one.from <= today).map_or(0, |one| one.version);
    let mut lines: Vec<Line> =
        versions.iter().map(|one| line((l, today), paper, (Some(one), now))).collect();
    lines.push(line((l, today), paper, (None, now)));
    let words = |problem: &Problem| {
        let (what, advice) = web::words_of_refusal(l, &problem.refusal());
        (what, advice.unwrap_or_default())
    };
    let field = |field: &super::model::FieldDef| {
        let id = format!("papers-field-{}", field.id.replace('.', "-"));
        (format!("{{{{{}}}}}", field.zh), format!("{{{{{}}}}}", field.id), l.t(&id), field.row)
    };
    let refusal = refused.as_ref();
    let body = OnePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        problems: problems.iter().map(words).collect(),
        action: format!("/papers/{}", paper.code()),
        may: desk.may(Permission::PaperManage),
        file: Field::input("file", "file", l.t("papers-file"))
            .help(l.t("papers-file-help"))
            .required()
            .filled(l, &sent, refusal),
        from: Field::input("date", "from", l.t("papers-from")).required().filled(l, &sent, refusal),
        versions: lines,
        fields: paper.fields().map(field).collect(),
        public: paper.is_public(),
    };
    let shell = desk
        .untitled()
        .title(title(l, paper))
        .nav("cases")
        .crumb(l.t("nav-cases"), "/cases")
        .crumb(l.t("papers-title"), "/papers")
        .act(
            Act::new(l.t("papers-download"), format!("/papers/{}/versions/{now}", paper.code()))
                .icon("export"),
        );
    page_of_form(&shell, body, refusal)
}

async fn one(CtxOf(ctx): CtxOf, desk: Desk, Path(code): Path<String>) -> Page {
    let paper = known(&code)?;
    let sent = Fields::default().with("from", ctx.today);
    shown((ctx, desk, paper), (sent, None, Vec::new())).await
}

async fn download(CtxOf(ctx): CtxOf, Path((code, version)): Path<(String, i64)>) -> Page {
    let paper = known(&code)?;
    let bytes = blocking(move || actions::file(&ctx, paper, version)).await?;
    Ok(docx_answer(&format!("{}-layout-{version}", paper.code()), bytes))
}

#[derive(Default)]
struct Upload {
    name: String,
    bytes: Vec<u8>,
    from: String,
}

async fn receive(mut form: Multipart) -> Result<Upload, Failure> {
    let unreadable = |_| Error::Refusal(Refusal::invalid("web.form_unreadable"));
    let mut sent = Upload::default();
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("from") => sent.from = field.text().await.map_err(unreadable)?.trim().to_owned(),
            Some("file") => {
                sent.name = field.file_name().unwrap_or_default().to_owned();
                while let Some(piece) = field.chunk().await.map_err(unreadable)? {
                    // one byte more than is taken shows that it is too much
                    if sent.bytes.len() <= sheets::docx::LARGEST {
                        sent.bytes.extend_from_slice(&piece);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(sent)
}

async fn send(
    (CtxOf(ctx), secret): (CtxOf, Secret),
    desk: Desk,
    Path(code): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Page {
    let paper = known(&code)?;
    ctx.permit(Permission::PaperManage)?;
    let mut form = form.map_err(|_| Failure::from(Refusal::invalid("web.form_unreadable")))?;
    secret.admit(&mut form).await?;
    let sent = receive(form).await?;
    let fields = Fields::default().with("from", &sent.from);
    let from = Day::parse(&sent.from);
    let refused = match (&from, sent.bytes.is_empty()) {
        (_, true) => Some(Refusal::invalid("papers.no_file").field("file", "web.required")),
        (Err(_), _) => Some(Refusal::invalid("papers.no_file").field("from", "web.not_a_day")),
        _ => None,
    };
    let (Ok(from), None) = (from, &refused) else {
        return shown((ctx, desk, paper), (fields, refused, Vec::new())).await;
    };
    let acting = ctx.clone();
    let kept =
        blocking(move || actions::add(&acting, paper, (&sent.name, &sent.bytes), from)).await;
    match kept {
        Ok(Ok(_)) => done(&format!("/papers/{}", paper.code()), "papers-changed-done"),
        Ok(Err(problems)) => {
            let refusal = Refusal::invalid("papers.not_taken").arg("count", problems.len());
            shown((ctx, desk, paper), (fields, Some(refusal), problems)).await
        }
        Err(Error::Refusal(refusal)) => {
            shown((ctx, desk, paper), (fields, Some(refusal), Vec::new())).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn back(CtxOf(ctx): CtxOf, Path((code, version)): Path<(String, i64)>) -> Page {
    let paper = known(&code)?;
    blocking(move || actions::take_back(&ctx, paper, version, ctx.today)).await?;
    done(&format!("/papers/{}", paper.code()), "papers-taken-back-done")
}
