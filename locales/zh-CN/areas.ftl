# 区划
refusal-areas-no_such_village = 没有这个村，或者它已不再使用。
    .advice = 请从列表中选择现在使用的村。
refusal-areas-cannot_merge = 这两个村不能合并。
    .advice = 只能合并同一个县的两个不同的村。
refusal-areas-no_headings = 文件 { $file } 里没有找到区划代码表的表头。
    .advice = 表头应有 code、name、level 等列；原来的区划没有变动。
refusal-areas-unreadable = 文件 { $file } 读不出来（{ $reason }）。
    .advice = 请另存为 UTF-8 的 CSV 文件再导入；原来的区划没有变动。
finding-areas-missing = 新的代码表里没有 { $code }，它仍在使用。
    .advice = 如果已经合并或撤销，请登记去向；否则请补齐代码表。
