//! The lists and codes that the county has made itself, and the empty workbook of a list.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use kernel::time::{Day, Period};
use sheets::{Form, FormCell, FormSheet};
use store::Ctx;
use web::ui::{Empty, Tabs};
use web::{Act, Answer, CtxOf, Desk, L, blocking, page};

use crate::intake::own_templates::templates;
use crate::intake::template::{Names, Template as List, Templates};
use crate::policies::{ListDef, OwnLists, find_pack_on, tabs, text_in};

struct ListRow {
    id: String,
    title: String,
    department: String,
    rhythm: String,
    next: String,
    columns: String,
}

struct CodesRow {
    id: String,
    title: String,
    words: String,
}

#[derive(Template)]
#[template(path = "intake/templates/own.html")]
struct OwnPage {
    l: L,
    tabs: Tabs,
    lists: Vec<ListRow>,
    codes: Vec<CodesRow>,
    manages: bool,
    empty: Empty,
}

/// The next day on which a list is due.
fn next_due(list: &ListDef, today: Day) -> Option<Day> {
    let rhythm = list.due(today);
    let year = Period { from: today.add_months(-13), to: today.add_months(13) };
    let days = rhythm.stretches(year).into_iter().filter_map(|stretch| rhythm.named_day(stretch));
    days.filter(|day| *day >= today).min()
}

/// `GET /policies/lists`: what the county has made itself, as it holds today.
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let own = blocking(move || -> Result<OwnLists> {
        ctx.permit(Permission::PolicySee)?;
        let pack = find_pack_on(&mut ctx.read()?, ctx.today)?;
        Ok(pack.map(|pack| pack.own_lists()).unwrap_or_default())
    })
    .await?;
    let manages = desk.may(Permission::PolicyManage);
    let lists = own.lists.values().map(|list| ListRow {
        id: list.id.clone(),
        title: list.title.get(l.0).to_owned(),
        department: super::said::department(l, &list.department),
        rhythm: l.t(&format!("policies-own-rhythm-{}", list.rhythm)),
        next: next_due(list, today).map_or_else(|| "—".to_owned(), |day| day.to_string()),
        columns: list.columns.iter().map(|one| one.title.get(l.0)).collect::<Vec<_>>().join("、"),
    });
    let codes = own.codes.values().map(|codes| CodesRow {
        id: codes.id.clone(),
        title: codes.title.get(l.0).to_owned(),
        words: codes.codes.iter().map(|one| one.title.get(l.0)).collect::<Vec<_>>().join("、"),
    });
    let mut empty = Empty::new(l.t("policies-no-lists"), l.t("policies-no-lists-help"));
    let mut shell = desk.shell("policies-lists").nav("policies").wide();
    if manages {
        empty = empty.action(l.t("policies-own-new-title"), "/policies/lists/new");
        shell =
            shell.act(Act::new(l.t("policies-own-new-title"), "/policies/lists/new").icon("plus"));
    }
    let body = OwnPage {
        l,
        tabs: tabs(&desk, "lists"),
        lists: lists.collect(),
        codes: codes.collect(),
        manages,
        empty,
    };
    page(&shell, body)
}

/// A list as it stands in a draft, or today, with the code lists beside it.
fn list_in(ctx: &Ctx, id: &str, draft: Option<DraftId>) -> Result<(List, ListDef)> {
    ctx.permit(Permission::PolicySee)?;
    let mut session = ctx.read()?;
    let missing = || Error::from(Refusal::not_found("intake.no_list").arg("list", id));
    if draft.is_some() {
        ctx.permit(Permission::PolicyManage)?;
    }
    let path = format!("lists/{id}.toml");
    let text = text_in(&mut session, &path, (draft, ctx.today))?.ok_or_else(missing)?;
    let list = ListDef::read(&path, &text).map_err(|_| missing())?;
    let mut own = OwnLists::default();
    for codes in list.columns.iter().filter_map(|column| column.codes.as_ref()) {
        let path = format!("codes/{codes}.toml");
        let text = text_in(&mut session, &path, (draft, ctx.today))?.unwrap_or_default();
        let files = [(path, text)].into();
        own.codes.extend(OwnLists::of(&files).0.codes);
    }
    own.lists.insert(list.id.clone(), list.clone());
    let all = Templates::shipped_and(templates(&own))?;
    let found = all.get(&format!("{}{id}", facts::own::PREFIX)).cloned();
    Ok((found.ok_or_else(missing)?, list))
}

/// The headings of a list with what each cell may hold.
fn headings(l: L, template: &List, list: &ListDef) -> Vec<(String, String)> {
    let heading = |column: &crate::intake::template::TemplateColumn| {
        let own = list.columns.iter().find(|own| own.name == column.field);
        let name = match own {
            Some(own) => own.title.zh.clone(),
            None if column.field == "name" && template.subject == Names::Head => {
                "户主姓名".to_owned()
            }
            None => column.known.first().cloned().unwrap_or_else(|| column.field.clone()),
        };
        let mut note = match (own, &column.codes) {
            (Some(_), Some(codes)) => {
                let words = codes.codes.iter().map(|one| one.title.zh.as_str());
                words.collect::<Vec<_>>().join("、")
            }
            (Some(own), None) => l.t(&format!("policies-own-type-{}", own.kind)),
            (None, _) => l.t("policies-own-identifies"),
        };
        if column.required {
            note = format!("{note} · {}", l.t("policies-own-required"));
        }
        (name, note)
    };
    template.columns.iter().map(heading).collect()
}

fn workbook(l: L, (template, list): (&List, &ListDef), today: Day) -> Result<Vec<u8>> {
    let columns = headings(l, template, list);
    let last = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
    let title = format!("{}（{}）", list.title.zh, l.t("policies-own-example-time"));
    let merged = if last > 0 { vec![(0, 0, 0, last), (1, 0, 1, last)] } else { Vec::new() };
    let sheet = FormSheet {
        name: list.title.zh.clone(),
        rows: vec![
            vec![title.into()],
            vec![l.t("policies-own-example-note").into()],
            columns.iter().map(|(name, _)| FormCell::from(name.as_str())).collect(),
        ],
        merged,
        heading: Some((2, 2)),
    };
    let explained = columns.into_iter().map(|(name, note)| vec![name.into(), note.into()]);
    let head = vec![l.t("policies-own-heading").into(), l.t("policies-own-holds").into()];
    let notes = FormSheet {
        name: l.t("policies-own-example-notes"),
        rows: std::iter::once(head).chain(explained).collect(),
        merged: Vec::new(),
        heading: Some((0, 0)),
    };
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    let year = u16::try_from(today.year()).unwrap_or(2026);
    let form = Form {
        sheets: vec![sheet, notes],
        made_on: (year, part(today.month()), part(today.day())),
    };
    let mut bytes = Vec::new();
    form.write_xlsx(std::io::Cursor::new(&mut bytes))
        .map_err(|why| Error::fault(format!("the example of a list: {why}")))?;
    Ok(bytes)
}

/// `GET /policies/lists/{id}/example.xlsx`: the headings with notes, to be filled in.
pub async fn example(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let l = desk.l;
    let draft: Option<DraftId> = desk.address.get("draft").and_then(|id| id.parse().ok());
    let name = id.clone();
    let bytes = blocking(move || {
        let (template, list) = list_in(&ctx, &name, draft)?;
        workbook(l, (&template, &list), ctx.today)
    })
    .await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition = format!("attachment; filename=\"{id}.xlsx\"");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_due_day_follows_the_rhythm() {
        let list = |rhythm: &str, due: u8| {
            let text = format!(
                "id = \"a\"\ntitle = {{ zh = \"甲\", en = \"\" }}\ndepartment = \"water\"\nabout = \"person\"\nby = [\"id\"]\n\
                 adds = true\nabsent_is_none = true\nrhythm = \"{rhythm}\"\ndue_day = {due}\n\
                 columns = [ {{ name = \"乙\", title = {{ zh = \"乙\", en = \"\" }}, type = \"text\" }} ]\n"
            );
            ListDef::read("lists/a.toml", &text).unwrap()
        };
        let today: Day = "2026-11-22".parse().unwrap();
        let next = |rhythm, due| next_due(&list(rhythm, due), today).map(|day| day.to_string());
        assert_eq!(next("monthly", 25).as_deref(), Some("2026-11-25"));
        assert_eq!(next("monthly", 10).as_deref(), Some("2026-12-10"));
        assert_eq!(next("quarterly", 10).as_deref(), Some("2027-01-10"));
        assert_eq!(next("yearly", 28).as_deref(), Some("2027-01-28"));
        assert_eq!(next("once", 10), None);
    }
}
