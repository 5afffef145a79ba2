# 工作文书
papers-title = 文书样式
papers-lead = 各种工作文书长什么样：下载样式，用 Word 改好，再传回来；以前的样式都留着。
papers-column-paper = 文书
papers-column-about = 用途
papers-column-layout = 现用样式
papers-shipped = 随程序提供的样式
papers-own = 本县第 { $n } 版，{ $day } 起
papers-public = 张贴公开
papers-in-use = 现用
papers-later = 到日启用
papers-version = 第 { $n } 版
papers-version-again = 第 { $n } 版（恢复第 { $of } 版）
papers-version-shipped = 随程序提供
papers-from-day = { $day } 起
papers-fields = 可以用的占位符
papers-fields-help = 写在双大括号里，出文书时换成内容；中英文两种写法都认。
papers-column-write = 写法
papers-column-or = 或
papers-column-meaning = 内容
papers-in-row = 只放在表格的一行里，每户（人）重复一行
papers-send = 传回改好的样式
papers-send-help = 先下载现用样式，用 Word 改好存为 .docx。不认识的占位符、漏掉的名单行、宏都会指出来，不会启用。
papers-public-help = 这种文书要张贴，样式里不能有证件号、电话、账号和健康信息。
papers-file = 样式文件（.docx）
papers-file-help = 不超过 2 MB。
papers-from = 从哪天起用
papers-versions = 历次样式
papers-download = 下载样式
papers-use-again = 恢复使用
papers-changed-done = 样式已保存。
papers-taken-back-done = 已恢复，今天起使用。
papers-problems = 请在 Word 里改这些地方
papers-word = 下载 Word 文档
papers-workbook = 下载表格
papers-matter-taking = 拟纳入监测对象
papers-matter-removal = 拟消除风险
papers-matter-taken = 纳入防止返贫监测对象
papers-matter-removed = 风险消除的监测对象
papers-sex-male = 男
papers-sex-female = 女
papers-kind-check_sheet = 入户核查表
papers-about-check_sheet = 入户时带去：已有情况写好，只核实缺的和变的。
papers-kind-minutes = 民主评议会议记录
papers-about-minutes = 一次评议会的全部农户和结果，由评议会生成。
papers-kind-notice = 村内公示
papers-about-notice = 贴在公示栏：只有户主姓名和组。
papers-kind-township_review = 乡镇审核表
papers-about-township_review = 一个乡镇待审核的农户，一张表。
papers-kind-county_approval = 县级审批表
papers-about-county_approval = 待县级审定的农户，一张表。
papers-kind-announcement = 公告
papers-about-announcement = 县级审定后公告的名单。
papers-kind-card = 帮扶明白卡
papers-about-card = 发给农户：享受哪些帮扶、找谁。
papers-kind-household_file = 一户一档
papers-about-household_file = 一户从发现到消除的全部情况。
papers-kind-ledger = 月度台账
papers-about-ledger = 当月监测对象名单。
papers-field-area-county = 县
papers-field-area-town = 乡镇
papers-field-area-village = 村
papers-field-paper-day = 制表日期
papers-field-paper-count = 名单户数
papers-field-paper-kind = 事项
papers-field-household-head = 户主
papers-field-household-number = 户编号
papers-field-household-group = 组
papers-field-household-size = 人口数
papers-field-case-number = 案件编号
papers-field-case-state = 办理状态
papers-field-case-class = 监测类别
papers-field-case-risks = 风险类型
papers-field-case-discovered = 风险发现日期
papers-field-case-identified = 识别时间
papers-field-case-closed = 消除时间
papers-field-facts-known = 已有情况（收入、支出、保障、能力）
papers-field-facts-missing = 待核实事项
papers-field-check-risks = 风险勾选框
papers-field-case-consent = 承诺授权：谁、哪天签的
papers-field-case-steps = 办理过程，一行一步
papers-field-help-helper = 帮扶责任人
papers-field-help-unit = 帮扶单位
papers-field-help-phone = 联系电话（留空手写）
papers-field-help-measures = 帮扶措施，一行一项
papers-field-member-n = 序号
papers-field-member-name = 姓名
papers-field-member-kin = 与户主关系
papers-field-member-sex = 性别
papers-field-member-birth = 出生年月
papers-field-notice-from = 公示开始日期
papers-field-notice-until = 公示结束日期
papers-field-sitting-day = 评议日期
papers-field-sitting-place = 评议地点
papers-field-sitting-presided = 主持人
papers-field-sitting-recorder = 记录人
papers-field-sitting-present = 到会人数
papers-field-sitting-attending = 参会人员
papers-field-sitting-minutes = 评议记录
papers-field-ledger-month = 月份
papers-field-list-n = 序号
papers-field-list-head = 户主
papers-field-list-village = 村
papers-field-list-group = 组
papers-field-list-number = 户编号
papers-field-list-case = 案件编号
papers-field-list-class = 监测类别
papers-field-list-risks = 风险类型
papers-field-list-kind = 事项（纳入或消除）
papers-field-list-state = 办理状态
papers-field-list-discovered = 风险发现日期
papers-field-list-identified = 识别时间
papers-field-list-closed = 消除时间
papers-field-list-opinion = 意见（留空手写）
papers-field-list-helper = 帮扶责任人
papers-field-list-result = 评议结果
papers-field-list-agreed = 同意人数
papers-field-list-words = 评议意见
refusal-papers-not_docx = 这个文件不是 .docx 文档。
    .advice = 用 Word 或 WPS 打开，另存为 .docx 再传。
refusal-papers-macro = 文档里有宏，不能用。
    .advice = 另存为不带宏的 .docx。
refusal-papers-fetches = 文档引用或嵌入了别的文件（{ $what }），不能用。
    .advice = 删掉链接、嵌入对象和自动引用的域。
refusal-papers-too_large = 文档超过 { $limit } MB。
    .advice = 去掉大图片再传。
refusal-papers-broken = 文档已损坏，读不出来。
    .advice = 用 Word 打开修复后另存再传。
refusal-papers-unknown_placeholder = { $where ->
        [row] 第 { $table } 张表第 { $row } 行
        [beside] 页眉、页脚或脚注
       *[other] 第 { $row } 段
    }：不认识占位符“{ $name }”。
    .advice = 对照占位符表改正。
refusal-papers-open_placeholder = { $where ->
        [row] 第 { $table } 张表第 { $row } 行
        [beside] 页眉、页脚或脚注
       *[other] 第 { $row } 段
    }：“{ $name }”前面的双大括号没有闭合。
    .advice = 补上“{ "}}" }”，并且不要跨段落。
refusal-papers-outside_row = { $where ->
        [row] 第 { $table } 张表第 { $row } 行
        [beside] 页眉、页脚或脚注
       *[other] 第 { $row } 段
    }：名单占位符“{ $name }”要放在表格的一行里。
    .advice = 移到名单表格的那一行。
refusal-papers-no_row = 没有名单行：表格里要有一行写名单占位符。
    .advice = 从现用样式里复制那一行。
refusal-papers-not_public = { $where ->
        [row] 第 { $table } 张表第 { $row } 行
        [beside] 页眉、页脚或脚注
       *[other] 第 { $row } 段
    }：张贴的文书里不能有“{ $what }”。
    .advice = 删掉证件号、电话、账号和健康信息。
refusal-papers-not_public_made = 这份文书里有“{ $what }”（{ $text }），不能张贴。
    .advice = 先改正农户或村组名称里的内容。
refusal-papers-not_taken = 样式没有启用：有 { $count } 处要改。
    .advice = 改好再传；现用样式不变。
refusal-papers-no_file = 要选文件，并填启用日期。
    .advice = 请看标出的地方。
refusal-papers-begins_in_the_past = 启用日期不能早于今天。
    .advice = 请填今天或以后的日期。
refusal-papers-no_such_paper = 没有这种文书。
    .advice = 请从文书样式里打开。
refusal-papers-no_such_version = 没有这一版样式。
    .advice = 请从历次样式里选。
