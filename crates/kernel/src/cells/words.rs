//! Numbers written in words: 二〇二六, 十二, 壹仟贰佰.

/// Bytes of the longest number that somebody writes in words.
const LONGEST: usize = 120;

fn digit(c: char) -> Option<i64> {
    Some(match c {
        '〇' | '○' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        _ => return None,
    })
}

/// Digits one by one: 二〇二六 is 2026.
pub(super) fn year(text: &str) -> Option<i64> {
    let digits: Option<Vec<i64>> = text.chars().map(digit).collect();
    digits.filter(|digits| digits.len() == 4).map(|d| d.iter().fold(0, |n, digit| n * 10 + digit))
}

/// A whole number in full words; `None` for what may be read in two ways, as 九百五.
pub(super) fn number(text: &str) -> Option<i64> {
    // a number in words is short; each 万 is looked behind once more
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    for (word, worth) in [('亿', 100_000_000), ('万', 10_000)] {
        if let Some((many, rest)) = text.split_once(word) {
            let rest = match rest.trim_start_matches('零') {
                "" => 0,
                _ if rest.starts_with(|c| power(c) == Some(10)) => return None,
                rest => number(rest).filter(|rest| *rest < worth)?,
            };
            // 三万五 may be 35,000
            let told = rest == 0 || rest >= 10 || text.contains('零');
            return told.then(|| number(many)?.checked_mul(worth)?.checked_add(rest)).flatten();
        }
    }
    below_ten_thousand(text)
}

fn below_ten_thousand(text: &str) -> Option<i64> {
    let (mut sum, mut open, mut least, mut gap) = (0i64, None::<i64>, 10_000i64, false);
    for c in text.chars() {
        if let Some(worth) = power(c) {
            let times = match open.take() {
                Some(times) if times > 0 => times,
                None if worth == 10 && sum == 0 && !gap => 1,
                _ => return None,
            };
            if worth >= least {
                return None;
            }
            sum += times * worth;
            (least, gap) = (worth, false);
            continue;
        }
        match digit(c)? {
            0 => gap = true,
            _ if open.is_some() => return None,
            found => open = Some(found),
        }
    }
    match open {
        Some(last) if sum == 0 || least == 10 || gap => Some(sum + last),
        Some(_) => None,
        None => (sum > 0 || text == "零" || text == "〇").then_some(sum),
    }
}

/// An amount in full words, in fen: 壹仟贰佰元整, 三百零五元五角. Without 元 or 万 only where the column counts in yuan.
pub(super) fn fen(text: &str, in_yuan: bool) -> Option<i64> {
    let text = text.trim_end_matches(['整', '正']);
    let (whole, rest) = match text.split_once(['元', '圆']) {
        Some(parts) => parts,
        None if in_yuan || text.contains('万') => (text, ""),
        None => return None,
    };
    let yuan = number(whole)?.checked_mul(100)?;
    let mut small = 0;
    let mut left = rest.trim_start_matches('零');
    for (word, worth) in [('角', 10), ('分', 1)] {
        if let Some((many, after)) = left.split_once(word) {
            small += below_ten_thousand(many).filter(|many| *many < 10)? * worth;
            left = after.trim_start_matches('零');
        }
    }
    left.is_empty().then(|| yuan.checked_add(small)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbers_where_they_can_be_read_in_one_way() {
        for (text, expected) in [
            ("十", Some(10)),
            ("十二", Some(12)),
            ("三十一", Some(31)),
            ("一千二百", Some(1_200)),
            ("壹仟零伍", Some(1_005)),
            ("三百零五", Some(305)),
            ("二万三千", Some(23_000)),
            ("一亿零三万", Some(100_030_000)),
            ("九百五", None),
            ("三万五", None),
            ("百", None),
            ("五五", None),
            ("一百二百", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
        assert_eq!(number(&"一万".repeat(100_000)), None);
        assert_eq!(year("二〇二六"), Some(2026));
        assert_eq!(fen("叁佰零伍元伍角贰分", false), Some(30_552));
        assert_eq!(fen("壹仟贰佰元整", false), Some(120_000));
        assert_eq!(fen("三百", false), None);
    }
}
