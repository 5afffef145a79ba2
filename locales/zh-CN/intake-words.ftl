# 数据接收：为什么不接收；行里发现了什么问题

refusal-intake-unknown_list = “{ $file }”不是已知的任何一种名单：没有找到模板的表头。
    .advice = 请确认文件无误并带有表头行；新格式可在“数据接收”中手工对应各列。
refusal-intake-mapping_unsure = “{ $file }”中这些列的含义无法确定：{ $columns }。
    .advice = 请在“数据接收”中上传并指明各列含义，系统会记住，下次自动对应。
refusal-intake-no_batch = 没有这个批次。
    .advice = 请在批次列表中查看；其他部门报送的批次也显示为找不到。
refusal-intake-not_waiting = 这个批次已不在等待接收。
    .advice = 请查看它目前的状态，可能已有人先处理。
refusal-intake-not_accepted = 只有已接收的批次才能撤回。
    .advice = 请查看它目前的状态，可能已有人先处理。
refusal-intake-original_missing = 数据目录中缺少这个文件的原件。
    .advice = 请从备份中取回 originals 目录，或重新上传该文件。

finding-intake-word_unknown = “{ $text }”不是本列的规范用语，该值未采用
    .advice = 请使用规范用语
finding-intake-village_unknown = 该乡镇没有“{ $village }”这个村
    .advice = 请填写规范村名；更名、合并前的旧村名也可识别
finding-intake-no_household_number = 本行没有户编号
    .advice = 请按信息系统补填
finding-intake-no_person_number = 本行没有人编号
    .advice = 请按信息系统补填
finding-intake-no_name = 本行没有姓名
    .advice = 请按证件填写姓名
finding-intake-no_income_line = 收入项代码缺失或无法识别
    .advice = 请按规定表式填写 a1 至 e4
finding-intake-no_amount = 本行没有可识别的金额
    .advice = 只填数字，单位写在表头
