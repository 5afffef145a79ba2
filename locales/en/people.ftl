# people 人员
people-id-ok = number in order
people-id-wrong_check = number: wrong check digit
people-id-twice = number used twice
people-id-missing = no identity number
people-id-unverified = number not verified

finding-people-household_missing = There is no household { $number }; the person was not taken.
    .advice = Check the number, or add the household.
finding-people-number_twice = The person number { $number } stands twice; the first row was taken.
    .advice = See which row is right, correct the file and import it again.
finding-people-id_missing = There is no identity number; the person is marked unverified.
    .advice = Add the number.
finding-people-id_twice = More than one person has this identity number; all are marked unverified.
    .advice = Compare with the cards.
finding-people-id_wrong_check = The check character of the identity number is wrong; the person is marked unverified.
    .advice = Compare with the card.
finding-people-id_impossible_birth = The birth day in the identity number does not exist; the person is marked unverified.
    .advice = Compare with the card.
finding-people-not_listed = { $n ->
    [one] One known member of this household has
   *[other] { $n } known members of this household have
} no row in this register.
    .advice = Nobody was removed; say what became of them under "Not in the newest register".
finding-people-recorded_gone = The register still lists { $name }, who is recorded as dead or gone from this household; they were not brought back.
    .advice = If the record is wrong, use the form "return"; else correct the register.
finding-people-recorded_twice = { $name } is held to be somebody else of the register; what this row says counts for that person.
    .advice = Nothing to do. If they are two, undo the merge under Possible duplicates.
