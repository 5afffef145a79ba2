# 读取名单各行时的问题；$text 为单元格内容，$field 为本系统字段
finding-intake-error_cell = 单元格是公式错误：{ $text }。
    .advice = 请修正公式，或直接填写数值。
finding-intake-formula_without_value = 单元格只有公式，没有计算结果。
    .advice = 请用表格软件打开并保存一次，再重新报送。
finding-intake-no_event_date = 本行和标题都没有写明日期。
    .advice = 请在行内填写日期，或在标题、文件名中写明期间。
finding-intake-bad_characters = 本行有无法识别的字符，显示为 �。
    .advice = 请将表格另存为 UTF-8 编码后重新报送。
finding-intake-not_a_number = “{ $text }”不是数字。
    .advice = 只填数字，单位写在表头。
finding-intake-not_a_whole_number = “{ $text }”不是整数。
    .advice = 请填写整数，不带小数和文字。
finding-intake-not_yes_or_no = “{ $text }”不能判断是或否。
    .advice = 请填写“是”或“否”。
