//! Templates of Word as people make them: cut into runs, with lists, with what must not be in them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use sheets::docx::{DocxError, Filled, Place, Slot, Template};

const SPACE: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document {SPACE}><w:body>{body}<w:sectPr/></w:body></w:document>");
    packed(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

fn p(runs: &[&str]) -> String {
    let runs = runs.iter().map(|text| format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>"));
    format!("<w:p>{}</w:p>", runs.collect::<String>())
}

fn table(rows: &[&[&str]]) -> String {
    let row = |cells: &&[&str]| {
        let cells = cells.iter().map(|text| format!("<w:tc>{}</w:tc>", p(&[text])));
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

fn slot(name: &str) -> Option<Slot> {
    match name {
        "户主" => Some(Slot::One("head")),
        "名单.户主" => Some(Slot::Row("head")),
        "名单.序号" => Some(Slot::Row("n")),
        _ => None,
    }
}

fn document(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

fn texts(bytes: &[u8]) -> Vec<String> {
    Template::read(bytes).unwrap().paragraphs().into_iter().map(|(_, text)| text).collect()
}

fn one(head: &str) -> Filled {
    Filled { one: BTreeMap::from([("head", head.to_owned())]), rows: Vec::new() }
}

#[test]
fn a_placeholder_that_word_cut_into_pieces_is_filled_where_it_began() {
    let template = Template::read(&docx(&p(&["户主：{", "{户", "主}", "}。"]))).unwrap();
    let made = template.fill(&[one("张<三>")], &slot).unwrap();
    assert_eq!(texts(&made), ["户主：张<三>。"]);
    let text = document(&made);
    assert!(text.contains("户主：张&lt;三&gt;") && text.contains("<w:b/>"), "{text}");
}

#[test]
fn the_row_of_the_list_comes_once_for_each_line_and_blank_for_none() {
    let body = table(&[&["序号", "户主"], &["{{名单.序号}}", "{{名单.户主}}"], &["完", ""]]);
    let template = Template::read(&docx(&body)).unwrap();
    let row =
        |n: &str, head: &str| BTreeMap::from([("n", n.to_owned()), ("head", head.to_owned())]);
    let list = Filled { one: BTreeMap::new(), rows: vec![row("1", "张三"), row("2", "李四")] };
    let made = template.fill(&[list], &slot).unwrap();
    assert_eq!(texts(&made), ["序号", "户主", "1", "张三", "2", "李四", "完", ""]);
    let made = template.fill(&[Filled::default()], &slot).unwrap();
    assert_eq!(texts(&made), ["序号", "户主", "", "", "完", ""]);
}

#[test]
fn many_papers_are_one_document_with_one_section_and_a_page_each() {
    let template = Template::read(&docx(&p(&["{{户主}}"]))).unwrap();
    let made = template.fill(&[one("张三"), one("李四"), one("第一行\n第二行")], &slot).unwrap();
    let text = document(&made);
    assert_eq!(text.matches("w:type=\"page\"").count(), 2);
    assert_eq!(text.matches("<w:sectPr").count(), 1);
    assert!(text.contains("第一行</w:t><w:br/><w:t"), "{text}");
}

#[test]
fn what_is_found_has_its_place() {
    let body = p(&["甲"]) + &p(&["{{户主}} {{不认识"]) + &table(&[&["头"], &["{{名单.户主}}"]]);
    let found = Template::read(&docx(&body)).unwrap().placeholders();
    let found: Vec<_> = found.into_iter().map(|one| (one.name, one.place, one.closed)).collect();
    assert_eq!(
        found,
        [
            ("户主".to_owned(), Place::Paragraph(2), true),
            ("不认识".to_owned(), Place::Paragraph(2), false),
            ("名单.户主".to_owned(), Place::Row(1, 2), true),
        ]
    );
}

#[test]
fn a_text_box_within_a_paragraph_is_filled_too() {
    let inner = p(&["{{户主}}"]);
    let body = format!(
        "<w:p><w:r><w:t>外 </w:t></w:r><w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>"
    );
    let template = Template::read(&docx(&body)).unwrap();
    assert_eq!(template.placeholders().len(), 1);
    assert_eq!(texts(&template.fill(&[one("张三")], &slot).unwrap()), ["外 ", "张三"]);
}

#[test]
fn what_must_not_be_in_a_template_is_refused() {
    let body = format!("<w:document {SPACE}><w:body><w:sectPr/></w:body></w:document>");
    let with = |name: &str, text: &str| {
        let parts = [("word/document.xml", body.as_str()), (name, text)];
        Template::read(&packed(&parts)).unwrap_err()
    };
    assert_eq!(with("word/vbaProject.bin", "x"), DocxError::Macro);
    let types =
        "<Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>";
    assert_eq!(with("[Content_Types].xml", types), DocxError::Macro);
    let link = "<Relationships><Relationship Id=\"a\" Target=\"http://x/y.dotm\" TargetMode=\"External\"/></Relationships>";
    assert_eq!(
        with("word/_rels/settings.xml.rels", link),
        DocxError::Fetches("http://x/y.dotm".to_owned())
    );
    assert!(matches!(with("word/embeddings/a.bin", "x"), DocxError::Fetches(_)));
    let field = "<w:p><w:r><w:instrText> DDEA</w:instrText></w:r><w:r><w:instrText>UTO c:\\x </w:instrText></w:r></w:p>";
    assert!(matches!(Template::read(&docx(field)), Err(DocxError::Fetches(_))));
    assert_eq!(Template::read(b"%PDF-1.7").unwrap_err(), DocxError::NotDocx);
    let workbook = packed(&[("xl/workbook.xml", "<workbook/>")]);
    assert_eq!(Template::read(&workbook).unwrap_err(), DocxError::NotDocx);
    let mut cut = docx(&p(&["甲"]));
    cut.truncate(cut.len() / 2);
    assert!(matches!(Template::read(&cut), Err(DocxError::Broken(_))));
    let bomb = "甲".repeat(9 * 1024 * 1024);
    let bomb = {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        zip.start_file("word/document.xml", options).unwrap();
        zip.write_all(bomb.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    assert_eq!(Template::read(&bomb).unwrap_err(), DocxError::TooLarge);
}
