# people 人员
people-id-ok = 证件号有效
people-id-wrong_check = 证件号校验位不对
people-id-twice = 证件号重复
people-id-missing = 没有证件号
people-id-unverified = 证件号未核实

finding-people-household_missing = 没有户编号为 { $number } 的户，此人没有接收。
    .advice = 请核对户编号，或补上这一户。
finding-people-number_twice = 人编号 { $number } 出现了两次，只接收第一行。
    .advice = 请核对哪一行正确，更正后重新导入。
finding-people-id_missing = 没有证件号码，此人标为未核实。
    .advice = 请补填证件号码。
finding-people-id_twice = 这个证件号码登记了不止一个人，均标为未核实。
    .advice = 请对照身份证核对。
finding-people-id_wrong_check = 证件号码的校验码不对，此人标为未核实。
    .advice = 请对照身份证核对。
finding-people-id_impossible_birth = 证件号码中的出生日期不存在，此人标为未核实。
    .advice = 请对照身份证核对。
finding-people-not_listed = 这一户有 { $n } 名已知成员，本登记册没有列出。
    .advice = 没有删除；请在“最新登记册未列入”中说明去向。
finding-people-recorded_gone = 登记册仍列出 { $name }，但已登记去世或离开本户，没有恢复。
    .advice = 如登记有误，请用“返回”更正；否则请更正登记册。
finding-people-recorded_twice = { $name } 已与登记册中另一人合并；本行数据算在那个人名下。
    .advice = 无须处理；如确为两人，请在“疑似重复”中撤销合并。
