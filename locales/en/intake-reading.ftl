# what reading a list finds in its rows; $text is the cell, $field our name of the column
finding-intake-error_cell = The cell holds an error of a formula: { $text }.
    .advice = Mend the formula, or write the value itself.
finding-intake-formula_without_value = The cell holds a formula without its result.
    .advice = Open the workbook in a spreadsheet program, save it and send it again.
finding-intake-no_event_date = Neither the row nor the title says on which day this was.
    .advice = Write the day into the row, or the period into the title or the file name.
finding-intake-bad_characters = The line holds bytes that are no characters; they are shown as �.
    .advice = Save the table as UTF-8 and send it again.
finding-intake-not_a_number = “{ $text }” is no number.
    .advice = Write digits only; the unit belongs in the heading.
finding-intake-not_a_whole_number = “{ $text }” is no whole number.
    .advice = Write the number without decimals and without words.
finding-intake-not_yes_or_no = “{ $text }” says neither yes nor no.
    .advice = Write 是 or 否.
