//! How a stay in a household began and ended.

use kernel::word_list;

word_list! {
    /// How a stay began.
    HowIn, "kernel.not_a_word", as_str:
    /// Stood in the register.
    Register = "register";
    /// Born into the household.
    Birth = "birth";
    /// Married in.
    Marriage = "marriage";
    /// Came back.
    Return = "return";
    /// From a household that was divided.
    Split = "split";
    /// From a household that joined this one.
    Merge = "merge";
    /// Another person became head; the stay goes on with another kin.
    Head = "head";
    /// Put right by hand.
    Correction = "correction";
}

word_list! {
    /// How a stay ended.
    HowOut, "kernel.not_a_word", as_str:
    /// Missing in a later register.
    Register = "register";
    /// Died.
    Death = "death";
    /// Left: married out, moved away.
    Left = "left";
    /// Went to a household of their own.
    Split = "split";
    /// Went where the whole household went.
    Merge = "merge";
    /// Another person became head; the stay goes on with another kin.
    Head = "head";
    /// Put right by hand.
    Correction = "correction";
}
