"""Makes a department list of many rows for real people of a register: hospital settlements, as the insurance office sends them.

    long_list.py registry.xlsx out.xlsx 100000
    long_list.py registry.xlsx out.xlsx 300 asked     rows that only a person can assign: a name that several bear in a township
"""

import collections
import random
import sys

import xlsxwriter
from python_calamine import CalamineWorkbook


def main() -> None:
    register, out, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    people = CalamineWorkbook.from_path(register).get_sheet_by_name("人").to_python()
    head = next(i for i, row in enumerate(people) if "姓名" in row)
    name, number, town = (people[head].index(c) for c in ("姓名", "证件号码", "乡"))
    known = [(r[name], str(r[number]), r[town]) for r in people[head + 1:] if r[name] and r[number]]
    if sys.argv[4:] == ["asked"]:
        bear = collections.Counter((who[0], who[2]) for who in known)
        known = [(who[0], "", who[2]) for who in known if bear[who[0], who[2]] in (2, 3)]
    chance = random.Random(7)
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("住院结算")
    sheet.write_row(0, 0, ["2026年10月住院费用结算明细"])
    sheet.write_row(1, 0, ["统计期间：2026-10-01至2026-10-31　单位：元"])
    sheet.write_row(2, 0, ["序号", "姓名", "身份证号", "参保地", "医院", "结算日期", "总费用", "基本医保", "大病", "救助", "合规自付", "备注"])
    for i in range(rows):
        who = known[chance.randrange(len(known))]
        total = chance.randrange(100_000, 3_000_000) / 100
        basic, serious = round(total * 0.6, 2), round(total * 0.1, 2)
        day = f"2026-10-{chance.randrange(1, 32):02d}"
        own = round(total - basic - serious, 2)
        sheet.write_row(3 + i, 0, [i + 1, who[0], who[1][:18], who[2], "县人民医院", day, total, basic, serious, 0, own, ""])
    book.close()


if __name__ == "__main__":
    main()
