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
    .advice = 请检查地址，或从导航进入。
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
refusal-sheets-old_xls = 这是 Excel 95 或更早的工作簿。
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

# 命令行
refusal-cli-folder_missing = { $dir } 不是数据目录（缺少密钥文件）。
    .advice = 用 shouwang init 新建一个，或用 --dir 指出所在的目录。
refusal-cli-folder_taken = { $dir } 已经有数据了。
    .advice = 用 --dir 另选一个目录。
refusal-cli-no_account = 没有今天可以使用的账号 { $login }。
    .advice = 用 shouwang user list 看有哪些账号。
refusal-cli-bench_empty = 这里还没有农户，没有什么可测。
    .advice = 先用 shouwang import 导入农户登记册，或用 shouwang demo 生成样例县。
refusal-cli-cannot_read = { $file } 读不了：{ $why ->
    [not_found] 没有这个文件或目录
    [denied] 没有权限
    [folder] 这是目录
    [no_folder] 这不是目录
   *[other] { $detail }
 }。
    .advice = 请检查路径和权限。
refusal-cli-cannot_write = { $file } 写不了：{ $why ->
    [not_found] 上级目录不存在
    [denied] 没有权限
    [folder] 这是目录
    [no_folder] 上级不是目录
   *[other] { $detail }
 }。
    .advice = 请检查路径和权限。
refusal-cli-config_damaged = { $file } 用不了：{ $why }。
    .advice = 可以写的只有 database、listen、max_upload_mb。
refusal-cli-not_a_list = { $name } 既不是文件，也不是认得的名单。
    .advice = 名单的名字见 shouwang import --help；不写名单时按内容识别。
refusal-cli-other_list = 这不是 { $wanted }，而是 { $found ->
    [unknown] 不认得的名单
   *[other] { $found }
 }；没有导入。
    .advice = 不写名单时按内容识别。
refusal-cli-demo_loopback = { $dir } 是 demo 造的，只能在 127.0.0.1 上打开。
    .advice = 正式使用请用 shouwang init 新建目录。
refusal-cli-cannot_listen = 不能在 { $address } 上监听：{ $detail }。
    .advice = 可能已有别的程序占用；用 --listen 换一个地址或端口。
refusal-cli-backup_exists = { $dir } 已经存在，备份从不覆盖。
    .advice = 用 --out 换一个名字，例如带上日期。
refusal-cli-backup_inside = { $dir } 在原件目录里面，备份不能放在那里。
    .advice = 请放到数据目录以外，最好是另一台机器。
refusal-cli-backup_journal = 日志链不完整，没有做成备份。
    .advice = 先用 shouwang journal verify 看是哪一条。
refusal-cli-not_a_backup = { $dir } 不是备份目录：缺少 backup.json。
    .advice = 请指向 shouwang backup 写出的目录。
refusal-cli-backup_damaged = { $dir } 的 backup.json 已损坏。
    .advice = 请换一份备份。
refusal-cli-backup_other_key = 密钥 { $key } 打不开这份备份，它是用密钥 { $made } 做的。
    .advice = 找到那个密钥文件，或用打印的恢复码。
refusal-cli-restore_head = 已恢复，但日志链的末端与备份封存的不一致。
    .advice = 不要使用这个目录；请换一份备份。
refusal-cli-not_a_match_file = { $file } 不是 shouwang match list --out 写出的文件。
    .advice = 请先导出，在“认定”一列填写后再交回。
refusal-cli-option_database = 数据库地址要写成 sqlite:路径 或 postgres://…。
    .advice = 例如 postgres://用户:密码@主机/库名。
refusal-cli-option_day = { $value } 不是日期。
    .advice = 日期要写成 2026-10-31 的样子。
refusal-cli-option_period = --period { $value } 不是期间。
    .advice = 写月份 2026-09，或起止日期 2026-09-01..2026-09-30。
refusal-cli-option_area = { $value } 不是区划代码。
    .advice = 写 2、4、6、9 或 12 位代码。
refusal-cli-option_role = 没有 { $value } 这种角色。
    .advice = 可以是 county、township、village、department、helper、bank、inspector、evaluator、leader。
refusal-cli-option_listen = --listen { $value } 不是地址。
    .advice = 要写成 127.0.0.1:8080 的样子。
refusal-cli-option_table_file = { $value } 的名字要以 .csv 或 .xlsx 结尾。
    .advice = 例如 --out 名单.xlsx。
refusal-cli-option_case = { $value } 不是待定编号。
    .advice = 编号见 shouwang match list。
refusal-cli-option_key = 没有给出密钥。
    .advice = 用 --code 给出恢复码，或用 --key 给出密钥文件。
refusal-store-not_empty = 目标数据库里已经有数据。
    .advice = 请新建一个空的数据库。
# departments
refusal-departments-no_office = 没有这个部门。
    .advice = 请从“部门报送”里打开。
refusal-departments-not_back = 这一条没有退回给您的部门。
    .advice = 请从“退回的行”里打开，看看它现在的情况。
refusal-departments-not_an_answer = 请选“已更正”“核对无误”或“该行作废”。
    .advice = 三项里选一项再提交。
refusal-departments-words_needed = 说“核对无误”要写明依据。
    .advice = 请写查看了什么原始材料。
refusal-departments-said_already = { $who } 已经对这一条作了说明。
    .advice = 说明不能改写；需要更正时请联系县级管理员。
refusal-departments-no_workbook = 这不是从“退回的行”导出的表格。
    .advice = 请先导出 Excel，填好后原样上传。
refusal-departments-no_question = 没有这个提问。
    .advice = 请从“向部门提问”里打开；不在您负责范围内的也会显示为没有。
refusal-departments-whom = 请选要问的部门。
    .advice = 只能问提供这条数据的部门。
refusal-departments-question_empty = 请写要问什么。
    .advice = 写明要部门核对的内容。
refusal-departments-answer_empty = 请写答复。
    .advice = 写明查到了什么。
refusal-departments-answered_already = { $who } 已经答复了。
    .advice = 请刷新页面看答复。
refusal-departments-not_a_standing = 没有这种报送状态。
    .advice = 请从页面上的链接打开。
refusal-screening-no_sheet = 没有单号为 { $sheet } 的核实单。
    .advice = 请对照单子右上角的八位编号再填；不在您负责范围内的也会显示为没有。
refusal-screening-sheet_twice = 单号 { $sheet } 对应不止一条线索。
    .advice = 请从线索列表打开这一户来答复。
refusal-screening-paper_who = 请写是谁核实的。
    .advice = 照纸单上的签名填写。
refusal-screening-paper_day = 核实日期不对：要在线索派发之后，不晚于 { $today }。
    .advice = 照纸单上的日期填写。
refusal-screening-paper_sheet = 单号和这条线索对不上。
    .advice = 请按单号重新查找。
refusal-alarms-no_alarm = 没有这条预警。
    .advice = 请从预警列表打开；不在您负责范围内的也会显示为没有。
refusal-alarms-words_needed = 还没有写怎么办。
    .advice = 写明怎么处置、由谁牵头。
refusal-alarms-said_already = { $who } 已经答复了。
    .advice = 请刷新页面看答复。
refusal-alarms-ended = 这条预警已经解除。
    .advice = 不用再答复；可以在“已解除”里看到它。

refusal-past-not_a_day = 往日视图的日期无法识别。
    .advice = 请写成 2026-03-31 的形式，或在“查看往日”中选择。
refusal-past-day_to_come = 往日视图的日期晚于今天（{ $today }）。
    .advice = 请选择今天或更早的日期。
refusal-past-nothing_to_change = 这是往日视图，往日的情况不能改动。
    .advice = 请先点上方的“回到今天”，在今天的页面上更改；补登更正时可填写实际发生日期。
refusal-assistance-no_measure = 没有这项帮扶措施。
    .advice = 请从农户页面或帮扶列表打开；不在您负责范围内的也会显示为没有。
refusal-assistance-no_kind = 这种帮扶措施不能选。
    .advice = 请在列表里选一种具体的措施。
refusal-assistance-words_needed = 这种帮扶措施要写明内容。
    .advice = 写明给什么、怎么给。
refusal-assistance-does_not_aim = 这种帮扶措施不针对所选风险。
    .advice = 换一种措施，或只选它能解决的风险。
refusal-assistance-owner_needed = 还没有写由谁负责。
    .advice = 写明责任人姓名。
refusal-assistance-due_when = 日期不对：承诺日期不能晚于今天，落实期限不能早于承诺日期。
    .advice = 请改日期。
refusal-assistance-household_closed = 这户已经销户。
    .advice = 请在现在的农户上登记。
refusal-assistance-not_a_member = 这个人现在不是本户成员。
    .advice = 请选本户现有成员。
refusal-assistance-ended = 这项帮扶措施已经结束。
    .advice = 不用再登记；需要时另立一项。
refusal-assistance-delivered_already = 这项帮扶措施已经登记落实。
    .advice = 请刷新页面查看凭证。
refusal-assistance-delivered_when = 落实日期要在承诺日期和今天之间。
    .advice = 请改日期。
refusal-assistance-proof_needed = 没有凭证不能算落实。
    .advice = 填写凭证号：支付单号、合同号、签收单号或文号。
refusal-assistance-amount_needed = 资金凭证要写明金额，金额要大于零。
    .advice = 请填写金额（元）。
refusal-assistance-term = 到期日不能早于落实日期。
    .advice = 请改到期日，或留空。
refusal-assistance-other_office = 这项帮扶措施由别的部门负责。
    .advice = 请由负责的部门登记。
refusal-assistance-changed = { $who } 刚改过这项帮扶措施。
    .advice = 请刷新页面，看过之后再办。
refusal-assistance-not_recurring = 这种帮扶措施不是经常性服务。
    .advice = 请直接登记落实。
refusal-assistance-given_when = 服务日期不对：不能晚于今天，也要在措施有效期内。
    .advice = 请改日期。
refusal-assistance-given_already = 这一天的服务已经登记。
    .advice = 同一天只登记一次。
refusal-assistance-why_needed = 还没有写原因。
    .advice = 写明为什么结束或更换。
refusal-assistance-ended_when = 结束日期不对：不能晚于今天，也不能早于开始。
    .advice = 请改日期。
refusal-assistance-helper_when = 日期不对：不能晚于今天，接任要晚于前任开始的日期。
    .advice = 请改日期。
refusal-assistance-helper_needed = 帮扶责任人要有姓名和单位。
    .advice = 请补全。
refusal-assistance-helper_changed = 这户的帮扶责任人刚刚变了。
    .advice = 请刷新页面，看过之后再办。
refusal-assistance-no_account = 这不是可用的帮扶责任人账号。
    .advice = 请选帮扶责任人账号，或留空。
refusal-assistance-form = 表单没有填完整。
    .advice = 请看红字提示的栏目。
refusal-assistance-not_a_phone = 电话号码不对。
    .advice = 请填 11 位手机号或带区号的座机号。
refusal-store-newer_program = 这个数据目录已由更新版本的程序打开过：表结构已到第 { $number } 号变更，本程序只认识到第 { $last } 号。没有改动任何数据。
    .advice = 请启动更新版本的程序，或恢复变更之前的备份。
refusal-cases-no_split = 没有这样一个分出的农户。
    .advice = 请重新打开案件页面。
refusal-cases-split_answered = { $who } 已经说明了该户的情况。
    .advice = 请重新打开案件页面，可在那里撤销。
refusal-cases-split_not_answered = 还没有人说明该户的情况。
    .advice = 请重新打开案件页面。
refusal-cases-split_worked_on = 该户的案件已经有人办理过。
    .advice = 请继续办理该案件，或按步骤结束它。
refusal-assistance-nobody_moved = 该人仍住在帮扶所在的户。
    .advice = 请重新打开帮扶页面。
refusal-cases-no_phase = 没有这样的阶段。
    .advice = 可用 running、identify、help、remove、closed 或 all。
