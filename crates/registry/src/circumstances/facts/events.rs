//! What the departments' lists say happened to a household in the last twelve months, or how their latest list says
//! things stand.
//!
//! Nothing seen is stored as NULL: whether that means "none" depends on whether the list arrived, which is decided when
//! the fact is read. Disasters are the exception: their lists come after an event and not by the month, so no row is
//! none.

use facts::Coverage;

use super::table::fact_columns;

const STAYS: Coverage = Coverage::events("medical_stays", 12);
const ROLL: Coverage = Coverage::latest("school_roll", 0);
const DROPOUT: Coverage = Coverage::latest("dropout_suspects", 0);
const RELIEF: Coverage = Coverage::events("social_assistance", 12);
const CERTIFICATES: Coverage = Coverage::events("disability_certificates", 12);
const HOUSES: Coverage = Coverage::latest("house_grades", 0);
const OUTAGES: Coverage = Coverage::events("water_outages", 12);
const JOBS: Coverage = Coverage::latest("job_events", 12);
const WAGES: Coverage = Coverage::events("job_events", 12);
const LOANS: Coverage = Coverage::latest("loans", 0);
const DEATHS: Coverage = Coverage::events("deaths", 12);
const MOVES: Coverage = Coverage::events("hukou_moves", 12);
const VEHICLES: Coverage = Coverage::latest("vehicles", 0);
const TICKETS: Coverage = Coverage::events("complaints", 12);

fact_columns! {
    /// Events and latest states of one household.
    EventFacts of household {
        deaths_12m: Int Persons "people" ("近12个月死亡人数", "Deaths, 12 months") ("近12个月死亡的成员。", "Members who died in the last twelve months.") [DEATHS];
        head_died: Bool None "people" ("户主死亡", "The head died") ("户主在近12个月内死亡。", "The head died in the last twelve months.") [DEATHS];
        labour_died: Int Persons "people" ("死亡劳动力", "Able workers who died") ("近12个月死亡的普通劳动力和技能劳动力。", "Members able to work who died in the last twelve months.") [DEATHS];
        moved_out_12m: Int Persons "people" ("近12个月迁出人数", "Moved out, 12 months") ("近12个月户口迁出或离开的成员。", "Members whose registration moved out, or who left, in the last twelve months.") [MOVES];
        house_cd: Text None "circumstances" ("未处置危房等级", "Dangerous house not yet dealt with") ("近12个月住建鉴定、尚未改造或正在改造的最差等级：C、D；没有为空文字。", "The worst grade C or D found by the housing department in twelve months that is untouched or under work; empty text when there is none.") [HOUSES];
        water_outage_days: Int Days "circumstances" ("近12个月本村停水天数", "Days the village had no water, 12 months") ("近12个月本村停水的总天数；未恢复的算到当天。", "Days without water of the village in the last twelve months; an outage still going on counts up to today.") [OUTAGES];
        dropout_suspects: Int Persons "circumstances" ("疑似失学儿童", "Suspected drop-outs") ("最近一期名单上排查状态为疑似失学的成员。", "Members whom the latest list has as 疑似失学 (not found at any school).") [DROPOUT];
        sick_leave_pupils: Int Persons "circumstances" ("因病休学学生", "Pupils on sick leave") ("最近一期名单上因病休学的成员。", "Members whom the latest list has on leave for illness.") [DROPOUT];
        oop_12m: Money Yuan "circumstances" ("近12个月合规自付", "Out-of-pocket, 12 months") ("近12个月住院结算的合规自付之和；后来死亡的成员也算。", "Compliant out-of-pocket of the hospital bills settled in twelve months; bills of members who died later count.") [STAYS];
        oop_max_stay: Money Yuan "circumstances" ("单次最高合规自付", "Highest single out-of-pocket") ("近12个月单次住院合规自付的最高值。", "The highest compliant out-of-pocket of a single bill in twelve months.") [STAYS];
        hospital_stays: Int Times "circumstances" ("近12个月住院次数", "Hospital bills, 12 months") ("近12个月住院结算次数，重复的不算。", "Hospital bills settled in twelve months; repeated rows count once.") [STAYS];
        hospital_total_12m: Money Yuan "circumstances" ("近12个月住院总费用", "Hospital bills in full, 12 months") ("近12个月住院结算的总费用之和。", "The whole bills of twelve months.") [STAYS];
        edu_cost: Money Yuan "circumstances" ("本学年教育自付", "School costs of the year") ("最近一次秋季学籍的自付金额之和。", "What the family pays according to the latest autumn roll.") [ROLL];
        students_paying: Int Persons "circumstances" ("自付学费人数", "Students who pay") ("自付金额大于零的学生。", "Students with costs above zero on that roll.") [ROLL];
        dibao_new_12m: Int Times "circumstances" ("近12个月低保新增", "Dibao granted, 12 months") ("近12个月民政低保新增次数。", "Grants of dibao in twelve months.") [RELIEF];
        dibao_stopped_12m: Int Times "circumstances" ("近12个月低保停发", "Dibao ended, 12 months") ("近12个月民政低保停发次数。", "Ends of dibao in twelve months.") [RELIEF];
        tekun_new_12m: Int Times "circumstances" ("近12个月特困新增", "Tekun granted, 12 months") ("近12个月民政特困新增次数。", "Persons taken in as tekun in twelve months.") [RELIEF];
        temp_relief_12m: Money Yuan "circumstances" ("近12个月临时救助金额", "Temporary relief, 12 months") ("近12个月临时救助金额之和。", "Temporary relief paid in twelve months.") [RELIEF];
        disabled_new_12m: Int Persons "circumstances" ("近12个月残疾证新办或变更", "New or regraded certificates, 12 months") ("近12个月残联新办证或等级变更的成员，换证不算。", "Members with a first certificate or another grade in twelve months; renewed papers do not count.") [CERTIFICATES];
        disabled_severe_new_12m: Int Persons "circumstances" ("其中一二级", "Of these grade 1 or 2") ("近12个月新办证或等级变更为一级、二级的成员。", "Of these, grade 1 or 2.") [CERTIFICATES];
        jobless_count: Int Persons "circumstances" ("失业或返乡未再就业", "Jobless") ("近12个月失业或返乡、尚未再就业的成员。", "Members who lost a job or came home in twelve months and do not work again.") [JOBS];
        jobless_days: Int Days "circumstances" ("失业天数", "Days without work") ("其中失业最久者的天数。", "Days since then of the member longest without work.") [JOBS];
        unpaid_wages: Money Yuan "circumstances" ("近12个月被欠薪", "Wages unpaid, 12 months") ("近12个月人社名单的欠薪金额之和。", "Unpaid wages reported in twelve months.") [WAGES];
        disaster_loss: Money Yuan "circumstances" ("近12个月灾害损失", "Disaster losses, 12 months") ("近12个月受灾名单的直接经济损失之和；没有名单即没有损失。", "Direct losses counted after disasters of twelve months; no row means no loss.");
        disaster_count: Int Times "circumstances" ("近12个月受灾次数", "Disasters, 12 months") ("近12个月受灾次数，同一次灾害只算一次。", "Disasters that hit the household in twelve months, each once.");
        loan_balance: Money Yuan "circumstances" ("小额信贷余额", "Small loans, balance") ("最近一期名单的贷款余额之和。", "Balances on the latest list.") [LOANS];
        loan_overdue: Money Yuan "circumstances" ("逾期本金", "Principal overdue") ("最近一期名单的逾期本金之和。", "Principal overdue on the latest list.") [LOANS];
        loan_overdue_days: Int Days "circumstances" ("贷款逾期天数", "Days overdue") ("最近一期名单中最长的逾期天数。", "The longest delay on the latest list.") [LOANS];
        vehicles: Int Vehicles "circumstances" ("机动车", "Vehicles") ("最近一期名单上成员名下的机动车。", "Vehicles in members' names on the latest list.") [VEHICLES];
        vehicle_max_value: Money Yuan "circumstances" ("机动车最高购置价", "Dearest vehicle") ("其中购置价格最高的一辆。", "The price paid for the dearest of them.") [VEHICLES];
        complaints_12m: Int Cases "circumstances" ("近12个月诉求", "Complaints, 12 months") ("近12个月信访和12345诉求件数。", "Complaints and hotline tickets of twelve months.") [TICKETS];
        complaints_hardship: Int Cases "circumstances" ("其中生活困难", "Of these, hardship") ("类别为生活困难的诉求。", "Tickets of the category 生活困难 (hardship).") [TICKETS];
        complaints_water: Int Cases "circumstances" ("其中饮水", "Of these, water") ("类别为饮水的诉求。", "Tickets of the category 饮水 (drinking water).") [TICKETS];
        complaints_housing: Int Cases "circumstances" ("其中住房", "Of these, housing") ("类别为住房的诉求。", "Tickets of the category 住房 (housing).") [TICKETS];
    }
}
