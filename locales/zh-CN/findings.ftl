# 文件里发现的问题：哪里不对；.advice 是怎么改

# when a code has no sentence of its own
finding-unworded = 有问题（{ $code }）
finding-severity-note = 提示
finding-severity-warning = 注意
finding-severity-error = 错误

# cells

# identity numbers, phones
finding-idnumber-wrong_form = 证件号码的格式不对
    .advice = 应为 18 位，请核对证件
finding-idnumber-not_a_sex = 性别既不是男也不是女
    .advice = 写“男”或“女”

# files
finding-sheets-empty = 文件是空的。
    .advice = 请确认导出的是有内容的那个文件。
finding-sheets-too_large = 文件有 { $size } MB，最多接收 { $limit } MB。
    .advice = 请按乡镇或月份拆成几个文件。
finding-sheets-bomb = 文件解压后过大，没有读取。
    .advice = 请用表格软件另存为新的 .xlsx 再上传。
finding-sheets-password = 工作簿加了密码，打不开。
    .advice = 请去掉密码后再上传。
finding-sheets-old_xls = 这是 Excel 95 或更早的工作簿。
    .advice = 请另存为 .xlsx 或 .csv。
finding-sheets-html = 这是网页，只是名字像表格。
    .advice = 请打开后另存为 .xlsx。
finding-sheets-unknown_form = 这不是表格，也不是文本表。
    .advice = 接收 .xlsx、.csv 和它们的 .gz。
finding-sheets-broken = 文件已损坏，读到一半停了。
    .advice = 请重新导出一份；已有的数据没有改动。
finding-sheets-no_sheet = 工作簿里没有这张表。
finding-sheets-too_many_rows = 表格超过 { $limit } 行。
    .advice = 请按乡镇或月份拆成几个文件。
finding-sheets-too_many_cells = 表格超过 { $limit } 个单元格。
    .advice = 请删掉没有内容的行和列再上传。
finding-sheets-too_many_columns = 表格超过 { $limit } 列。
    .advice = 请删掉没有内容的列再上传。
finding-sheets-too_many_sheets = 工作簿超过 { $limit } 张表。
    .advice = 请拆成几个工作簿。
finding-sheets-long_line = 第 { $row } 行太长。
    .advice = 请检查这一行的引号是否成对。
finding-sheets-io = 读写文件失败。
    .advice = 请再试一次；如果还是不行，请管理员检查磁盘。
