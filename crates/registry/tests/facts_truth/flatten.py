"""Brings the sample places into the form that tests/facts_truth.rs reads.

    python3 flatten.py <sample data>/guanmian OUT/guanmian     (needs openpyxl)

It takes the register, the income entries and, for every row of a department that the truth gives to one person without
doubt, person, household, day and amount from the truth and the one or two further values from the row's own cells.
"""

import collections
import csv
import datetime
import gzip
import io
import os
import re
import shutil
import sys

import openpyxl

FIELDS = {
    "住院结算": ["总费用"], "疑似失学名单": ["排查状态"], "危房": ["鉴定等级", "处置情况"], "停水": ["恢复供水日期"],
    "失业": ["是否再就业"], "返乡": ["是否再就业"], "残疾证新办": ["残疾等级"], "残疾证等级变更": ["残疾等级"],
    "残疾证换证": ["残疾等级"], "贷款": ["借据号", "逾期天数"], "机动车": ["号牌"], "诉求": ["工单号", "类别"],
}
HOUSEHOLD = ["户编号", "户类型", "监测对象类别", "风险是否消除", "整户无劳动能力兜底保障户", "危房等级", "安全饮用水",
             "搬迁安置", "低保/特困", "人口数", "致贫返贫风险"]
PERSON = ["人编号", "户编号", "性别", "出生日期", "与户主关系", "文化程度", "在校生状况", "健康状况", "劳动技能",
          "务工所在地", "务工时间(月)", "居民医保", "职工医保", "大病保险", "残疾等级", "低保", "特困"]
INCOME = ["户编号", "收入项代码", "金额", "起始日期", "截止日期"]


def day(value):
    if value in (None, ""):
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    text = str(value).strip()
    if re.fullmatch(r"\d{5}", text):
        return (datetime.date(1899, 12, 30) + datetime.timedelta(int(text))).isoformat()
    if re.fullmatch(r"\d{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return "%04d-%02d-%02d" % tuple(map(int, re.match(r"(\d{4})[-./年](\d+)[-./月](\d+)", text).groups()))


def sheets(path):
    """Every sheet as a list of rows; a text file is one sheet without a name, one row per line."""
    if path.endswith(".xlsx"):
        book = openpyxl.load_workbook(path)
        return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    raw = open(path, "rb").read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return {"": [next(csv.reader([line.rstrip("\r")]), []) for line in text.split("\n")]}


def main(place, out):
    truth_folder = next(p for p in (place + "/truth", place + "/truth_sample") if os.path.isdir(p))
    truth = {row["household_id"]: row for row in csv.DictReader(open(truth_folder + "/household_facts.csv"))}
    os.makedirs(out, exist_ok=True)

    def write(name, head, rows):
        with open(f"{out}/{name}", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)

    book = openpyxl.load_workbook(place + "/registry.xlsx", read_only=True)
    for title, name, columns in (("户", "households.csv", HOUSEHOLD), ("人", "persons.csv", PERSON)):
        rows = book[title].iter_rows(values_only=True)
        head = next(rows)
        kept = [dict(zip(head, row)) for row in rows if row[head.index("户编号")] in truth]
        value = lambda row, key: day(row[key]) if key == "出生日期" else "" if row[key] is None else row[key]
        write(name, columns, [[value(row, key) for key in columns] for row in kept])

    plain = place + "/income.csv"
    income = open(plain) if os.path.exists(plain) else gzip.open(plain + ".gz", "rt")
    entries = collections.defaultdict(list)
    for row in csv.DictReader(income):
        if row["户编号"] in truth:
            entries[row["户编号"]].append([row[key] for key in INCOME])
    write("income.csv", INCOME, [entry for household in truth for entry in entries[household]])

    villages = {row["village_code"] for row in truth.values()}
    books, events = {}, []
    for row in csv.DictReader(open(truth_folder + "/rows.csv")):
        mine = row["household_id"] in truth or (row["what"] == "停水" and row["village_code"] in villages)
        if row["match"] != "unique" or not mine:
            continue
        if row["file"] not in books:
            books[row["file"]] = sheets(f"{place}/{row['file']}")
        sheet = books[row["file"]][row["sheet"]]
        values = []
        for name in FIELDS.get(row["what"], []):
            head = next([str(cell or "").strip() for cell in line] for line in sheet
                        if name in [str(cell or "").strip() for cell in line])
            cell = sheet[int(row["row"]) - 1][head.index(name)]
            values.append("" if cell is None else str(cell).strip())
        if row["what"] == "停水":
            values = [day(values[0])]
        values += [""] * (2 - len(values))
        keys = ("file", "sheet", "row", "what", "person_id", "household_id", "village_code", "event_date", "amount_yuan")
        events.append([row[key] for key in keys] + values)
    write("rows.csv", ["file", "sheet", "row", "what", "person_id", "household_id", "village_code", "event_date",
                       "amount_yuan", "a", "b"], events)
    shutil.copy(truth_folder + "/household_facts.csv", out)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"))
