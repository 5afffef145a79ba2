//! The body of the specimen `doors`.

use super::*;

#[derive(Template)]
#[template(path = "doors.html")]
pub struct Doors {
    l: L,
    csrf: ui::Csrf,
    doors: Vec<(String, String, String, Vec<String>)>,
}

impl Doors {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> Doors {
        let door = |name: (&str, &str), who: (&str, &str), steps: &[(&str, &str)]| {
            let shown = say(l, name.0, name.1);
            (
                shown.chars().next().unwrap().to_string(),
                shown,
                say(l, who.0, who.1),
                people(l, steps),
            )
        };
        let doors = vec![
            door(
                ("艾立", "Alice Ai"),
                ("县级专班", "County office"),
                &[
                    ("看本周该发出的线索", "See this week's leads"),
                    ("试着改一个门槛，看会多几户", "Change a threshold and see who comes in"),
                    (
                        "打开一个数字，一直看到名单里那一行",
                        "Open a number down to the row of the list",
                    ),
                ],
            ),
            door(
                ("鲍春梅", "Bob Bao"),
                ("关面乡 · 乡镇", "Guanmian · township"),
                &[
                    ("确认村里报上来的一次分户", "Confirm a split"),
                    ("定三条拿不准的人", "Decide three uncertain matches"),
                    ("把线索发给村里", "Send the leads to the villages"),
                ],
            ),
            door(
                ("陈大山", "Chen Dashan"),
                ("泉秀村 · 村", "Quanxiu · village"),
                &[
                    ("看今天到期的一户", "See the household due today"),
                    ("答复一条线索", "Answer a lead"),
                    ("登记一个新生儿", "Record a birth"),
                ],
            ),
            door(
                ("杜若", "Dora Du"),
                ("医保局 · 部门", "Medical insurance · department"),
                &[
                    ("上传一份有错的名单", "Upload a list with mistakes"),
                    ("看每个问题在哪一格", "See the cell of each"),
                    ("下载带批注的表", "Download it with the findings"),
                ],
            ),
            door(
                ("伊芙", "Eve Yi"),
                ("另一个乡", "Another township"),
                &[
                    ("试着打开别乡的农户", "Try a household of another township"),
                    ("搜一个别乡的人", "Search for somebody there"),
                    ("看看什么也看不到", "See that nothing shows"),
                ],
            ),
            door(
                ("冯正", "Feng Zheng"),
                ("监督检查 · 只读", "Inspection · read only"),
                &[
                    ("看谁在什么时候改了什么", "See who changed what, when"),
                    ("核对日志没有被动过", "Verify the journal"),
                    ("看一户的来龙去脉", "Read the story of a household"),
                ],
            ),
        ];
        Doors { l, csrf: ui::Csrf("x".to_owned()), doors }
    }
}
