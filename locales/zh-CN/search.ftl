# 搜索
search-title = 搜索
search-lead = 找人、找户、找线索、找村、找名单。
search-what = 找什么
search-ask = 想找什么
search-ask-help = 姓名、拼音或首字母、证件号或后六位、手机号或尾号、户编号、村名、名单或文件名。
search-nothing = 没有找到“{ $text }”
search-nothing-help = 换一种写法再试：姓名的首字母、证件号后六位、户编号。您的工作范围以外的不会出现。
search-people = 人
search-batches = 名单
search-pages = 页面
search-head = 户主
search-born = { $day } 生
search-household-number = 户编号 { $number }
search-members = { $n } 人
search-former = 曾用名 { $names }
search-all-households = 在农户里看全部
search-views = 常用视图
