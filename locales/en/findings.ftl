# findings in files: what is wrong; .advice is how to mend it

# when a code has no sentence of its own
finding-unworded = Something is wrong ({ $code })
finding-severity-note = Note
finding-severity-warning = Warning
finding-severity-error = Error

# cells
finding-cells-not_an_amount = “{ $text }” is no amount
    .advice = Write digits only; the unit belongs in the heading
finding-cells-wrong_grouping = The commas in “{ $text }” are misplaced
    .advice = See whether a digit is missing
finding-cells-amount_too_large = “{ $text }” is unreasonably large
    .advice = See whether the unit is yuan or ten thousand yuan
finding-cells-not_a_date = “{ $text }” is no date
    .advice = Write it as 2026-03-05
finding-cells-no_such_day = There is no day “{ $text }”
    .advice = Check year, month and day
finding-cells-day_missing = “{ $text }” lacks the day
    .advice = Add the day of the month
finding-cells-date_ambiguous = Month and day of “{ $text }” cannot be told apart
    .advice = Write it as 2026-03-05
finding-cells-year_out_of_range = The year of “{ $text }” is out of range
    .advice = Check the year

# identity numbers, phones
finding-idnumber-blanks = Blanks in the identity number were removed
finding-idnumber-dashes = Dashes in the identity number were removed
finding-idnumber-quotes = Quotes around the identity number were removed
finding-idnumber-full_width = Full-width characters of the identity number were converted
finding-idnumber-lower_x = The small x at the end of the identity number was made large
finding-idnumber-fifteen_digits = The old number of 15 digits was raised to 18
finding-idnumber-cut_to_fifteen = The spreadsheet program kept only 15 digits of the identity number; the last three are lost
    .advice = Set the column to text and export again
finding-idnumber-scientific = The spreadsheet program turned the identity number into scientific notation; it cannot be restored
    .advice = Set the column to text and export again
finding-idnumber-empty = There is no identity number
    .advice = Add it; until then other facts are used to find the person
finding-idnumber-wrong_characters = The identity number has characters that do not belong there
    .advice = Compare with the card
finding-idnumber-wrong_length = The identity number has a wrong length
    .advice = It has 18 characters; compare with the card
finding-idnumber-wrong_form = The identity number has a wrong form
    .advice = It has 18 characters; compare with the card
finding-idnumber-wrong_check = The check character of the identity number is wrong
    .advice = Compare with the card; the person enters as unverified
finding-idnumber-impossible_birth = The birth day in the identity number does not exist
    .advice = Compare with the card
finding-idnumber-not_a_sex = The sex is neither male nor female
    .advice = Write 男 or 女
finding-phone-empty = There is no phone number
finding-phone-masked = The phone number is masked
    .advice = Write it in full
finding-phone-not_a_number = The phone number has characters that are no digits
    .advice = Digits only, one number a cell
finding-phone-wrong_length = The phone number has a wrong length
    .advice = A mobile number has 11 digits

# files
finding-sheets-empty = The file is empty.
    .advice = Make sure the right file was exported.
finding-sheets-too_large = The file has { $size } MB; at most { $limit } MB are taken.
    .advice = Split it by township or month.
finding-sheets-bomb = The file unpacks to far too much and was not read.
    .advice = Save it as a new .xlsx and upload that.
finding-sheets-password = The workbook is protected by a password.
    .advice = Remove the password and upload again.
finding-sheets-old_xls = This is the old .xls form.
    .advice = Save it as .xlsx or .csv.
finding-sheets-html = This is a web page with the name of a workbook.
    .advice = Open it and save it as .xlsx.
finding-sheets-unknown_form = This is neither a workbook nor a text table.
    .advice = We take .xlsx, .csv and their .gz.
finding-sheets-broken = The file is damaged.
    .advice = Export it again; nothing was changed.
finding-sheets-no_sheet = There is no such sheet in the workbook.
finding-sheets-too_many_rows = The sheet has more than { $limit } rows.
    .advice = Split it by township or month.
finding-sheets-too_many_cells = The sheet has more than { $limit } cells.
    .advice = Remove empty rows and columns.
finding-sheets-too_many_columns = The sheet has more than { $limit } columns.
    .advice = Remove empty columns.
finding-sheets-too_many_sheets = The workbook has more than { $limit } sheets.
    .advice = Split it into several workbooks.
finding-sheets-long_line = Line { $row } is too long.
    .advice = See whether its quotation marks come in pairs.
finding-sheets-io = Reading or writing the file failed.
    .advice = Try again; if it fails, ask the administrator to check the disk.
