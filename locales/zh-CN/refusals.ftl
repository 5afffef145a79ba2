# 拒绝的说法：发生了什么；.advice 是怎么办

# when a code has no sentence of its own
refusal-unworded = 没有办成（{ $code }）。
refusal-kind-invalid = 填写的内容有问题。
    .advice = 请改正后再提交。
refusal-kind-not_found = 没有找到。
    .advice = 请检查地址，或从搜索进入；不在您负责范围内的内容也会显示为没有找到。
refusal-kind-forbidden = 您没有这项权限。
    .advice = 如果工作需要，请联系县级管理员。
refusal-kind-conflict = 情况已经变化。
    .advice = 请刷新页面，看看现在的情况再处理。
refusal-kind-too_many = 次数或数量超出限制。
    .advice = 请稍后再试，或分几次办理。
refusal-kind-unavailable = 暂时办不了。
    .advice = 请过几分钟再试。

# web
refusal-web-required = 必须填写
refusal-web-not_a_day = 日期要写成 2026-03-05 的样子
refusal-web-not_a_month = 月份要写成 2026-03 的样子
refusal-web-not_an_amount = 金额只写数字，单位是元，最多两位小数
refusal-web-not_a_number = 请填整数
refusal-web-form_unreadable = 提交的内容没有读全。
    .advice = 请再提交一次；网络不稳时可以先保存草稿。
refusal-web-form_too_large = 提交的内容太大。
    .advice = 文件请在“名单导入”里上传。
refusal-web-forged = 这个页面已经失效。
    .advice = 请刷新页面后再提交。可能是在另一个窗口重新登录过。
refusal-web-no_such_page = 没有这个页面。
    .advice = 请检查地址，或从左侧导航进入。
refusal-web-wrong_method = 这个地址不能这样使用。
    .advice = 请从页面上的按钮操作。
refusal-web-signed_out = 请先登录。

# access, store, kernel
refusal-access-forbidden = 您没有这项权限。
    .advice = 如果工作需要，请联系县级管理员。
refusal-store-unavailable = 数据库暂时连不上。
    .advice = 没有写入任何内容，请过一分钟再试。
refusal-store-locked = 数据库正忙。
    .advice = 没有写入任何内容，请过几秒再试。
refusal-store-interrupted = 这一步用时太长，已停下。
    .advice = 没有写入任何内容。请缩小范围再试。
refusal-store-disk_full = 磁盘已满，没有写入。
    .advice = 请管理员清理磁盘后再试，已保存的数据是完整的。
refusal-store-wrong_key = 密钥与这个数据库不相符。
    .advice = 请找到建库时生成的密钥文件，或用打印的恢复码恢复。
refusal-store-key_missing = 找不到密钥文件。
    .advice = 请从备份取回密钥文件，或用打印的恢复码恢复。
refusal-store-key_damaged = 密钥文件已损坏。
    .advice = 请从备份取回密钥文件，或用打印的恢复码恢复。
refusal-store-bad_address = 数据库地址写得不对。
    .advice = 写成 sqlite:路径 或 postgres://主机/库名。
refusal-store-backup_with_pg_dump = PostgreSQL 用它自己的工具备份。
    .advice = 请用 pg_dump，步骤见运维手册。

# files
refusal-sheets-empty = 文件是空的。
    .advice = 请确认导出的是有内容的那个文件。
refusal-sheets-too_large = 文件有 { $size } MB，最多接收 { $limit } MB。
    .advice = 请按乡镇或月份拆成几个文件。
refusal-sheets-bomb = 文件解压后过大，没有读取。
    .advice = 请用表格软件另存为新的 .xlsx 再上传。
refusal-sheets-password = 工作簿加了密码，打不开。
    .advice = 请去掉密码后再上传。
refusal-sheets-old_xls = 这是旧的 .xls 格式。
    .advice = 请另存为 .xlsx 或 .csv。
refusal-sheets-html = 这是网页，只是名字像表格。
    .advice = 请打开后另存为 .xlsx。
refusal-sheets-unknown_form = 这不是表格，也不是文本表。
    .advice = 接收 .xlsx、.csv 和它们的 .gz。
refusal-sheets-broken = 文件已损坏，读到一半停了。
    .advice = 请重新导出一份；已有的数据没有改动。
refusal-sheets-no_sheet = 工作簿里没有这张表。
refusal-sheets-too_many_rows = 表格超过 { $limit } 行。
    .advice = 请按乡镇或月份拆成几个文件。
refusal-sheets-too_many_cells = 表格超过 { $limit } 个单元格。
    .advice = 请删掉没有内容的行和列再上传。
refusal-sheets-too_many_columns = 表格超过 { $limit } 列。
    .advice = 请删掉没有内容的列再上传。
refusal-sheets-too_many_sheets = 工作簿超过 { $limit } 张表。
    .advice = 请拆成几个工作簿。
refusal-sheets-long_line = 第 { $row } 行太长。
    .advice = 请检查这一行的引号是否成对。
refusal-sheets-io = 读写文件失败。
    .advice = 请再试一次；如果还是不行，请管理员检查磁盘。
