//! What stands on the papers of cases.

use sheets::docx::Template;

use super::*;
use crate::cases::on_paper::{of_list, of_one};
use crate::papers::{Paper as Kind, made_with};

fn text_of(bytes: &[u8]) -> String {
    let all = Template::read(bytes).unwrap().paragraphs();
    all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

#[test]
fn papers_are_made_from_what_is_known_and_a_board_is_told_nothing_private() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let (_, second) = county.case(&people.village, 1);
        consent(&people.village, id);
        for case in [id, second] {
            save_risks(&people.village, shown(&people.village, case), &[risk("illness")]).unwrap();
        }
        let view = show(&people.village, id).unwrap();
        let l = web::L::new(Lang::Zh);
        let values = of_one(&people.village, l, &view).unwrap();
        assert_eq!(values.one["area.village"], "牛寺村");
        assert_eq!(values.one["area.town"], "牛寺乡");
        assert_eq!(values.one["household.number"], home.to_string());
        assert_eq!(values.one["case.discovered"], "2026年10月12日");
        assert!(values.one["check.risks"].contains("☑因病"), "{}", values.one["check.risks"]);
        assert!(values.one["facts.known"].contains("5,000"), "{}", values.one["facts.known"]);
        let mut session = people.village.read().unwrap();
        let day = people.village.today;
        let sheet = made_with(&mut session, (Kind::CheckSheet, day), &[values]).unwrap();
        let text = text_of(&sheet.bytes);
        assert!(text.contains(&view.case.number) && !text.contains("{{"), "{text}");
        // lists: a notice for the village, one list for the township, nothing about health on the board
        let (book, lines) = list_all(&people.village, &Filter::default(), 10).unwrap();
        assert_eq!(lines.len(), 2);
        let notice = of_list(&people.village, (l, Kind::Notice), (&book, &lines)).unwrap();
        assert_eq!(notice.len(), 1);
        assert_eq!(notice[0].one["notice.until"], "2026年10月17日");
        assert_eq!(notice[0].rows.len(), 2);
        let board = made_with(&mut session, (Kind::Notice, day), &notice).unwrap();
        let text = text_of(&board.bytes);
        assert!(text.contains("牛寺村") && !text.contains("因病"), "{text}");
        let review = of_list(&people.village, (l, Kind::TownshipReview), (&book, &lines)).unwrap();
        assert_eq!(review[0].one["area.town"], "牛寺乡");
        assert_eq!(review[0].rows[1]["list.risks"], "因病");
        assert_eq!(review[0].rows[1]["list.n"], "2");
    });
}
