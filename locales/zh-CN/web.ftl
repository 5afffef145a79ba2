# 页面框架、表格、表单、出错页面

# frame
web-product = 守望
web-skip = 跳到正文
web-search = 搜索
web-search-hint = 人、户、线索、村、名单
web-set-clock = 系统日期已设定为这一天，到期时间都按它计算
web-menu = 个人菜单
web-places = 导航
web-place = 所在位置
web-account = 我的账号
web-sign-out = 退出
web-print = 打印
nav-work = 我的工作
nav-households = 农户
nav-leads = 线索
nav-cases = 监测和事项
nav-assistance = 帮扶
nav-intake = 名单导入
nav-match = 待确认
nav-rules = 规则
nav-policies = 政策参数
nav-areas = 区划
nav-accounts = 人员
nav-journal = 日志
role-county = 县级专班
role-township = 乡镇
role-village = 村
role-department = 部门
role-helper = 帮扶责任人
role-bank = 银行
role-inspector = 监督检查
role-evaluator = 第三方评估
role-leader = 领导

# days, numbers
web-days = { $n } 天
web-today = 今天
web-days-ago = { $n } 天前
web-months-ago = { $n } 个月前
web-years-ago = { $n } 年前
web-in-days = { $n } 天后
web-clock-left = 还剩 { $n } 天
web-clock-today = 今天到期
web-clock-over = 超期 { $n } 天
web-yes = 是
web-no = 否
web-unknown = 不清楚
web-none = 无

# tables
web-check-all = 全选
web-shown = 显示 { $n } 条
web-shown-of = 显示 { $n } 条，共 { $total } 条
web-first-page = 回到开头
web-next-page = 下一页
web-view = 列和行距
web-view-columns = 显示哪些列
web-view-rows = 行距
web-view-wide = 宽松
web-view-compact = 紧凑
web-view-apply = 应用
web-views = 常用视图
web-views-open = 把当前列表存为常用视图
web-export = 导出
web-more-filters = 更多条件
web-filter = 筛选
web-clear = 清除筛选
web-all = 全部

# forms
web-save = 保存
web-cancel = 取消
web-back = 返回
web-open = 打开
web-undo = 撤销
web-continue = 继续
web-field-wrong = { $field }：{ $what }
web-saved-done = 已保存。
web-optional = 选填

# explanations, charts
web-why = 为什么
web-why-condition = 判断条件
web-why-unknown = 还没有来源
web-why-basis = 依据
web-why-rule = 规则版本
web-chart-window = 计算期：{ $n } 个月

# errors
web-error-title = 没有办成
web-error-safe-label = 数据
web-error-safe = 没有改动任何数据。
web-error-todo = 怎么办
web-reference = 编号
web-to-work = 回到我的工作
web-to-start = 回到首页
web-fault = 程序出了错，这不是您的问题。
    .advice = 请再试一次；如果还是不行，把编号告诉系统管理员。
web-fault-safe = 没有写完的内容已全部撤回，已保存的内容不受影响。
web-away = 连不上服务器。页面上的内容还在；过一会儿再试，或检查网络。
nav-departments = 部门报送
web-copy = 复制文字
web-copied = 已复制

# 往日视图
web-past-as-of = 截至 { $day }
web-past-known = 按 { $day } 当时掌握的情况
web-past-only-look = 往日视图：各页均按当时情况显示，在此不能作任何改动。
web-past-today = 回到今天
web-past-compare = 与今天对比
web-past-choose = 查看往日
web-past-choose-help = 本页以及由此进入的各页，均按所选日期的情况显示。
web-past-day = 截至日期
web-past-known-day = 按哪一天掌握的情况
web-past-show = 查看
