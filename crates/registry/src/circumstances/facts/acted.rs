//! What the county does about a household: its help and its case. The columns stand here, so that every part of the program
//! knows the same tables; what is in them is said by the rooms that act ([`crate::circumstances::ledger::hear`]).

use kernel::time::Day;

use super::table::fact_columns;

fact_columns! {
    /// The help of one household. Nothing is known as long as nobody has written anything of help or of a case about it here.
    HelpFacts of household {
        measures_live: Int Items "assistance" ("在实施的帮扶措施", "Measures that stand") ("已承诺或正在实施、没有结束也没有到期的帮扶措施；本户还没有建案、没有登记过帮扶的，为空。", "Measures promised or running, neither ended nor run out; unknown while nobody has written down a case or help for the household.");
        measures_delivered: Int Items "assistance" ("已落实的帮扶措施", "Measures delivered") ("凭据齐全、已经落实的帮扶措施，包括后来结束的。", "Measures that were given with a proof, those that ended later included.");
        measures_overdue: Int Items "assistance" ("逾期未落实的帮扶措施", "Measures overdue") ("承诺落实日期已过、还没有落实的帮扶措施。", "Measures that were promised for an earlier day and are not given.");
        development_measures: Int Items "assistance" ("开发式帮扶措施", "Development measures") ("产业、就业、公益岗位、金融类中算作开发式的措施，没有撤销的；只有培训或“其他”的不算。", "Measures of development that were not withdrawn: production, employment, posts, finance; training and \"other\" do not count.");
        development_other: Int Items "assistance" ("培训和其他措施", "Training and other measures") ("产业、就业、公益岗位、金融类中不算开发式的措施（培训、保险、其他），没有撤销的。", "Measures of the same groups that do not count as development: training, insurance, other.");
        measures_schooling: Int Items "assistance" ("教育和社会帮扶措施", "Measures of schooling or society") ("教育帮扶、社会帮扶类措施，没有撤销的。", "Measures of schooling and of society that were not withdrawn.");
        measures_housing: Int Items "assistance" ("住房保障措施", "Measures of housing") ("危房改造、搬迁安置等住房安全保障措施，没有撤销的。", "Measures of housing or moving that were not withdrawn.");
        measures_water: Int Items "assistance" ("饮水保障措施", "Measures of water") ("饮水工程、送水等饮水安全保障措施，没有撤销的。", "Measures of water that were not withdrawn.");
        measures_labour_export: Int Items "assistance" ("劳务输出措施", "Measures of work outside the county") ("劳务输出措施，没有撤销的。", "Measures of work outside the county that were not withdrawn.");
        last_measure_on: Day None "assistance" ("最近一次帮扶", "Last help") ("最近一次登记承诺或落实帮扶措施的日期。", "The day on which a measure was last promised or given.");
        helper_named: Bool None "assistance" ("有帮扶责任人", "Has a helper") ("现有帮扶责任人。", "Somebody is named who looks after the household.");
    }
}

fact_columns! {
    /// The newest case of one household. Where there is none, its state is empty, its days are empty and its counts are 0.
    CaseFacts of household {
        case_state: Text None "cases" ("监测案件的环节", "State of the case") ("最近一个案件所在的环节代码；没有案件的为空文本。", "Code of the state of the newest case; an empty text where there is none.");
        case_discovered_on: Day None "cases" ("案件的风险发现日期", "Risk of the case found on") ("最近一个案件的风险发现日期。", "The day on which the risk of the newest case was found.");
        case_accepted_on: Day None "cases" ("案件受理日期", "Case accepted on") ("最近一个案件的受理日期。", "The day on which the newest case began.");
        case_announced_on: Day None "cases" ("案件公告认定日期", "Case announced on") ("最近一个案件公告认定为监测对象的日期。", "The day from which the household is monitored by the newest case.");
        case_removed_on: Day None "cases" ("案件风险消除日期", "Case removed on") ("最近一个案件经帮扶标注风险消除的日期。", "The day on which the risk of the newest case was removed by help.");
        case_risks: Int Items "cases" ("案件列明的风险", "Risks of the case") ("最近一个案件列明的风险，包括已经消除的。", "Risks named in the newest case, those that are gone included.");
        case_risks_without_measure: Int Items "cases" ("没有对应措施的风险", "Risks without a measure") ("最近一个案件中尚未消除、又没有在实施的措施与之对应的风险。", "Risks of the newest case that are still there and at which no measure that stands is aimed.");
    }
}

/// What the rooms that act say of one household on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acted {
    /// Its help.
    pub help: HelpFacts,
    /// Its newest case.
    pub case: CaseFacts,
    /// The day on which that next changes by itself.
    pub changes_on: Option<Day>,
}
