# 文件里发现的问题：哪里不对；.advice 是怎么改

# when a code has no sentence of its own
finding-unworded = 有问题（{ $code }）
finding-severity-note = 提示
finding-severity-warning = 注意
finding-severity-error = 错误

# cells
finding-cells-not_an_amount = “{ $text }”不是金额
    .advice = 只写数字，单位放在表头
finding-cells-wrong_grouping = “{ $text }”的千分位逗号位置不对
    .advice = 请核对是否少了一位
finding-cells-amount_too_large = “{ $text }”大得不合理
    .advice = 请核对单位是元还是万元
finding-cells-not_a_date = “{ $text }”不是日期
    .advice = 写成 2026-03-05
finding-cells-no_such_day = 没有“{ $text }”这一天
    .advice = 请核对年月日
finding-cells-day_missing = “{ $text }”缺日
    .advice = 请补上几号
finding-cells-date_ambiguous = “{ $text }”分不清月和日
    .advice = 写成 2026-03-05
finding-cells-year_out_of_range = “{ $text }”的年份不合理
    .advice = 请核对年份

# identity numbers, phones
finding-idnumber-blanks = 证件号码里有空格，已去掉
finding-idnumber-dashes = 证件号码里有横线，已去掉
finding-idnumber-quotes = 证件号码前后有引号，已去掉
finding-idnumber-full_width = 证件号码是全角字符，已转换
finding-idnumber-lower_x = 证件号码末位小写 x，已改为大写
finding-idnumber-fifteen_digits = 15 位老号码，已升为 18 位
finding-idnumber-cut_to_fifteen = 证件号码被表格软件截成 15 位有效数字，后三位已丢失
    .advice = 请把这一列设为“文本”后重新导出
finding-idnumber-scientific = 证件号码被表格软件变成了科学计数，不能还原
    .advice = 请把这一列设为“文本”后重新导出
finding-idnumber-empty = 没有证件号码
    .advice = 请补填；暂时用其他信息核对到人
finding-idnumber-wrong_characters = 证件号码里有不该有的字符
    .advice = 请核对证件
finding-idnumber-wrong_length = 证件号码位数不对
    .advice = 应为 18 位，请核对证件
finding-idnumber-wrong_form = 证件号码的格式不对
    .advice = 应为 18 位，请核对证件
finding-idnumber-wrong_check = 证件号码的校验位不对
    .advice = 请核对证件；此人先按“未核实”入库
finding-idnumber-impossible_birth = 证件号码里的出生日期不存在
    .advice = 请核对证件
finding-idnumber-not_a_sex = 性别既不是男也不是女
    .advice = 写“男”或“女”
finding-phone-empty = 没有电话
finding-phone-masked = 电话中间是星号
    .advice = 请填完整号码
finding-phone-not_a_number = 电话里有不是数字的字符
    .advice = 只写数字，一格一个号码
finding-phone-wrong_length = 电话位数不对
    .advice = 手机号应为 11 位

# files
finding-sheets-empty = 文件是空的。
    .advice = 请确认导出的是有内容的那个文件。
finding-sheets-too_large = 文件有 { $size } MB，最多接收 { $limit } MB。
    .advice = 请按乡镇或月份拆成几个文件。
finding-sheets-bomb = 文件解压后过大，没有读取。
    .advice = 请用表格软件另存为新的 .xlsx 再上传。
finding-sheets-password = 工作簿加了密码，打不开。
    .advice = 请去掉密码后再上传。
finding-sheets-old_xls = 这是旧的 .xls 格式。
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
