//! The body of the specimen `matching`.

use super::*;

#[derive(Template)]
#[template(path = "matching.html")]
pub struct Matching {
    l: L,
    csrf: ui::Csrf,
    source: Source,
    rows: Vec<(String, ui::Diff, ui::Diff, bool)>,
}

impl Matching {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Matching {
        let row = |label: (&str, &str), left: &str, right: &str| {
            let (a, b) = ui::differences(left, right);
            (say(l, label.0, label.1), a, b, left == right)
        };
        let rows = vec![
            row(("姓名", "Name"), "张国强", "张国祥"),
            row(("证件号码", "Identity"), "5002**********1234", "5002**********1243"),
            row(("性别", "Sex"), "男", "男"),
            row(("出生", "Born"), "1972-03-05", "1972-03-05"),
            row(("村", "Village"), "泉秀村3组", "泉秀村"),
            row(("电话", "Phone"), "138****5678", "138****5678"),
        ];
        Matching { l, csrf: ui::Csrf("x".to_owned()), source: hospital(l), rows }
    }
}
