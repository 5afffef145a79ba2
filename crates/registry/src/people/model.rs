//! What is known about one person.

use kernel::word_list;

word_list! {
    /// Which paper the number comes from.
    Certificate, "kernel.not_a_word", as_str:
    /// 居民身份证
    Citizen = "citizen";
    /// 残疾人证: the citizen number and two or four characters more.
    Disability = "disability";
    /// Another paper.
    Other = "other";
    /// None was given.
    None = "none";
}

word_list! {
    /// How far the identity number can be trusted.
    IdState, "kernel.not_a_word", as_str:
    /// The check character agrees and nobody else has it.
    Ok = "ok";
    /// The check character is wrong.
    WrongCheck = "wrong_check";
    /// Two people of the register have it.
    Twice = "twice";
    /// There is none.
    Missing = "missing";
    /// It could not be checked.
    Unverified = "unverified";
}
