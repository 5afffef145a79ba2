# findings in files: what is wrong; .advice is how to mend it

# when a code has no sentence of its own
finding-unworded = Something is wrong ({ $code })
finding-severity-note = Note
finding-severity-warning = Warning
finding-severity-error = Error

# cells

# identity numbers, phones
finding-idnumber-wrong_form = The identity number has a wrong form
    .advice = It has 18 characters; compare with the card
finding-idnumber-not_a_sex = The sex is neither male nor female
    .advice = Write 男 or 女

# files
finding-sheets-empty = The file is empty.
    .advice = Make sure the right file was exported.
finding-sheets-too_large = The file has { $size } MB; at most { $limit } MB are taken.
    .advice = Split it by township or month.
finding-sheets-bomb = The file unpacks to far too much and was not read.
    .advice = Save it as a new .xlsx and upload that.
finding-sheets-password = The workbook is protected by a password.
    .advice = Remove the password and upload again.
finding-sheets-old_xls = This is a workbook of Excel 95 or before.
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
