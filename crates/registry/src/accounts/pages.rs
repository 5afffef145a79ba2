//! Pages before and around signing in, and the list of people.

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role, may_appoint};
use kernel::time::Clock;
use serde::Deserialize;
use store::{Ctx, Db};
use web::ui::{Choice, Csrf, Errors, Field};
use web::{
    Answer, Checks, CtxOf, Desk, Failure, Fields, L, Viewer, blocking, done, page, page_of_form,
};

use super::model::{Account, NewAccount, Reach};
use super::{actions, me, people, queries};
use crate::policies::offices;

/// What pages need that are reached before anybody has signed in. Put into each request by the program.
#[derive(Clone)]
pub struct Door {
    /// The database.
    pub db: Db,
    /// The clock of the process.
    pub clock: Clock,
    /// The data folder was made by `demo`: sample people may be entered by one click.
    pub demo: bool,
    /// The language asked for.
    pub lang: Lang,
}

impl Door {
    fn ctx(&self) -> Ctx {
        let mut ctx = Ctx::system(&self.db, self.clock);
        ctx.lang = self.lang;
        ctx
    }
}

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/", get(start))
        .route("/sign-in", get(sign_in_page).post(sign_in_post))
        .route("/sign-out", post(sign_out_post))
        .route("/doors", get(doors).post(enter))
        .route("/account", get(me::show).post(me::save))
        .route("/account/password", get(password_page).post(password_post))
        .route("/accounts", get(people::list))
        .route("/accounts/new", get(new_page).post(new_post))
        .route("/accounts/{id}/reset", post(reset))
        .route("/accounts/{id}/close", post(close))
        .route("/accounts/{id}/open", post(open))
}

async fn start(Extension(door): Extension<Door>, viewer: Option<Extension<Viewer>>) -> Redirect {
    Redirect::to(match viewer {
        Some(_) => "/work",
        None if door.demo => "/doors",
        None => "/sign-in",
    })
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_in.html")]
struct SignInPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    next: String,
    login: Field,
    password: Field,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

fn sign_in_form(desk: &Desk, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
    let l = desk.l;
    let body = SignInPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        next: fields.text("next").to_owned(),
        login: Field::text("login", l.t("accounts-login"))
            .autocomplete("username")
            .focus()
            .required()
            .filled(l, fields, refusal),
        password: Field::input("password", "password", l.t("accounts-password"))
            .autocomplete("current-password")
            .required(),
    };
    page_of_form(&desk.shell("accounts-sign-in").bare().headless(), body, refusal)
}

async fn sign_in_page(desk: Desk, Query(next): Query<Next>) -> Answer {
    sign_in_form(&desk, &Fields::default().with("next", next.next), None)
}

async fn sign_in_post(Extension(door): Extension<Door>, desk: Desk, fields: Fields) -> Answer {
    let (login, password) = (fields.text("login").to_owned(), fields.text("password").to_owned());
    let started = blocking(move || actions::sign_in(&door.ctx(), &login, &password)).await;
    match started {
        Ok(started) => {
            let next = fields.text("next");
            Ok(entered(&started.token, if web::is_local(next) { next } else { "/work" }))
        }
        Err(error) => match error.refusal() {
            Some(refusal) => sign_in_form(&desk, &fields, Some(refusal)),
            None => Err(error.into()),
        },
    }
}

fn entered(token: &str, to: &str) -> Response {
    let mut answer = Redirect::to(to).into_response();
    let cookie = web::session::set(web::session::SESSION, token, false);
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    answer
}

async fn sign_out_post(CtxOf(ctx): CtxOf, headers: axum::http::HeaderMap) -> Answer {
    if let Some(token) = web::session::token(&headers) {
        blocking(move || actions::sign_out(&ctx, &token)).await?;
    }
    let mut answer = Redirect::to("/").into_response();
    answer.headers_mut().append(header::SET_COOKIE, web::session::clear(web::session::SESSION));
    Ok(answer)
}

struct DoorCard {
    login: String,
    name: String,
    role: Role,
    place: String,
}

impl DoorCard {
    fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/doors.html")]
struct DoorsPage {
    l: L,
    csrf: Csrf,
    doors: Vec<DoorCard>,
    others: String,
}

/// Six people, six doors: the first that were made; other sample people sign in with their password.
const DOORS: usize = 6;

async fn doors(Extension(door): Extension<Door>, desk: Desk) -> Answer {
    if !door.demo {
        return Err(Failure::from(Refusal::not_found("web.no_such_page")));
    }
    let (cards, others) = blocking(move || {
        let mut session = door.db.read()?;
        let mut accounts = queries::list_demo(&mut session)?;
        let others = accounts.split_off(DOORS.min(accounts.len()));
        let cards = accounts
            .into_iter()
            .map(|account| {
                let place = queries::place_name(&mut session, account.home)?;
                Ok(DoorCard { login: account.login, name: account.name, role: account.role, place })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok((cards, others))
    })
    .await?;
    let l = desk.l;
    let named = |one: &Account| {
        let role = l.t(&format!("role-{}", one.role));
        l.t_args("accounts-doors-one", &[("login", (&one.login).into()), ("role", role.into())])
    };
    let others = others.iter().map(named).collect::<Vec<_>>().join(&l.t("accounts-doors-comma"));
    let body = DoorsPage { l, csrf: Csrf(desk.csrf.clone()), doors: cards, others };
    page(&desk.shell("accounts-doors").bare(), body)
}

async fn enter(Extension(door): Extension<Door>, fields: Fields) -> Answer {
    if !door.demo {
        return Err(Failure::from(Refusal::not_found("web.no_such_page")));
    }
    let login = fields.text("login").to_owned();
    let started = blocking(move || actions::enter_demo(&door.ctx(), &login)).await?;
    Ok(entered(&started.token, "/work"))
}

#[derive(Template)]
#[template(path = "accounts/templates/password.html")]
struct PasswordPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    old: Field,
    new: Field,
}

fn password_form(desk: &Desk, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
    let l = desk.l;
    let body = PasswordPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        old: Field::input("password", "old", l.t("accounts-password-old"))
            .autocomplete("current-password")
            .required()
            .filled(l, fields, refusal),
        new: Field::input("password", "password", l.t("accounts-password-new"))
            .help(l.t("accounts-password-help"))
            .autocomplete("new-password")
            .required()
            .filled(l, fields, refusal),
    };
    page_of_form(&desk.shell("accounts-password"), body, refusal)
}

async fn password_page(CtxOf(_): CtxOf, desk: Desk) -> Answer {
    password_form(&desk, &Fields::default(), None)
}

async fn password_post(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    let (old, new) = (fields.text("old").to_owned(), fields.text("password").to_owned());
    match blocking(move || actions::change_password(&ctx, &old, &new)).await {
        Ok(()) => done("/sign-in", "accounts-password-done"),
        Err(error) => match error.refusal() {
            Some(refusal) => password_form(&desk, &fields, Some(refusal)),
            None => Err(error.into()),
        },
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/form.html")]
struct NewPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    fields: Vec<Field>,
}

fn office_choices(l: L) -> Vec<Choice> {
    let none = Choice::new("", l.t("accounts-no-department"));
    let choices = offices()
        .iter()
        .map(|office| Choice::new(&office.code, l.t(&format!("department-{}", office.code))));
    std::iter::once(none).chain(choices).collect()
}

async fn new_form(ctx: Ctx, desk: &Desk, fields: &Fields, refusal: Option<&Refusal>) -> Answer {
    let (l, by) = (desk.l, ctx.actor.role);
    let places = blocking(move || people::places(&ctx)).await?;
    let places = std::iter::once(Choice::new("", l.t("accounts-choose-home")))
        .chain(places.into_iter().map(|(code, name)| Choice::new(code, name)))
        .collect();
    let roles = Role::ALL
        .iter()
        .filter(|role| may_appoint(by, **role))
        .map(|role| Choice::new(role.text(), l.t(&format!("role-{role}"))))
        .collect();
    let all = vec![
        Field::text("login", l.t("accounts-login")).help(l.t("accounts-login-help")).required(),
        Field::text("name", l.t("accounts-name")).required(),
        Field::select("role", l.t("accounts-role"), roles),
        Field::select("home", l.t("accounts-home"), places).help(l.t("accounts-home-help")),
        Field::select("department", l.t("accounts-department"), office_choices(l))
            .help(l.t("accounts-department-help")),
        Field::text("lists", l.t("accounts-lists")).help(l.t("accounts-lists-help")),
    ];
    let body = NewPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        fields: all.into_iter().map(|field| field.filled(l, fields, refusal)).collect(),
    };
    page_of_form(&desk.shell("accounts-new").nav("accounts"), body, refusal)
}

async fn new_page(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    ctx.permit(Permission::AccountManage)?;
    new_form(ctx, &desk, &Fields::default(), None).await
}

fn parse(fields: &Fields) -> Result<NewAccount> {
    let mut checks = Checks::new(fields);
    let login = checks.required("login");
    let name = checks.required("name");
    let role = checks.read("role", "accounts.role_unknown", |text| text.parse::<Role>().ok());
    let home = checks.read("home", "accounts.home_unknown", |text| {
        AreaCode::parse_short(text).or_else(|_| AreaCode::parse(text)).ok()
    });
    let department = checks.optional("department").map(str::to_owned);
    let lists: Vec<String> = fields
        .text("lists")
        .split([',', '，', ' '])
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    checks.finish("accounts.invalid")?;
    let (Some(login), Some(name), Some(role), Some(home)) = (login, name, role, home) else {
        return Err(Refusal::invalid("accounts.invalid").into());
    };
    let reach = if lists.is_empty() { Reach::Home } else { Reach::Lists(lists) };
    Ok(NewAccount { login: login.to_owned(), name: name.to_owned(), role, department, home, reach })
}

async fn new_post(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    ctx.permit(Permission::AccountManage)?;
    let acting = ctx.clone();
    let made = match parse(&fields) {
        Ok(new) => blocking(move || actions::create(&acting, &new)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok((account, password)) => tell(&desk, account.login, password),
        Err(error) => match error.refusal() {
            Some(refusal) => new_form(ctx, &desk, &fields, Some(refusal)).await,
            None => Err(error.into()),
        },
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/password_once.html")]
struct OncePage {
    l: L,
    login: String,
    password: String,
}

fn tell(desk: &Desk, login: String, password: String) -> Answer {
    page(&desk.shell("accounts-once").nav("accounts"), OncePage { l: desk.l, login, password })
}

async fn reset(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let (login, password) = blocking(move || {
        let password = actions::reset(&ctx, &id)?;
        let account = queries::find(&mut ctx.read()?, &id)?;
        Ok((account.map(|account| account.login).unwrap_or_default(), password))
    })
    .await?;
    tell(&desk, login, password)
}

async fn close(CtxOf(ctx): CtxOf, Path(id): Path<String>) -> Answer {
    blocking(move || actions::set_disabled(&ctx, &id, true)).await?;
    done("/accounts", "accounts-close-done")
}

async fn open(CtxOf(ctx): CtxOf, Path(id): Path<String>) -> Answer {
    blocking(move || actions::set_disabled(&ctx, &id, false)).await?;
    done("/accounts", "accounts-open-done")
}
