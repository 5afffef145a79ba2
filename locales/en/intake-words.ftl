# intake: what it refuses, what it finds in rows

refusal-intake-unknown_list = “{ $file }” is none of the lists that are known: no headings of a template were found.
    .advice = Check that it is the right file and has its heading row; a new form can be mapped by hand under Intake.
refusal-intake-mapping_unsure = It is not certain what these columns of “{ $file }” mean: { $columns }.
    .advice = Upload it under Intake and say what the columns are; it is remembered for the next time.
refusal-intake-no_batch = There is no such batch.
    .advice = Look in the list of batches; what other offices delivered also shows as not found.
refusal-intake-not_waiting = This batch does not wait to be accepted any more.
    .advice = Look at its present state; somebody may have been quicker.
refusal-intake-not_accepted = Only an accepted batch can be taken back.
    .advice = Look at its present state; somebody may have been quicker.
refusal-intake-original_missing = The original of this file is missing in the data folder.
    .advice = Fetch the folder “originals” from the backup, or upload the file again.

finding-intake-word_unknown = “{ $text }” is none of the words of this column; the value was left out
    .advice = Use one of the official words
finding-intake-village_unknown = There is no village “{ $village }” in that town
    .advice = Write the official name; a village that was renamed or merged is also known by its former name
finding-intake-no_household_number = The row has no household number
    .advice = Fill it in from the register
finding-intake-no_person_number = The row has no person number
    .advice = Fill it in from the register
finding-intake-no_name = The row has no name
    .advice = Fill in the name as it stands on the card
finding-intake-no_income_line = The code of the income line is missing or unknown
    .advice = Write a1 to e4, as in the official form
finding-intake-no_amount = The row has no amount that can be read
    .advice = Write digits only; the unit belongs in the heading
