# refusals: what happened; .advice is what to do next

# when a code has no sentence of its own
refusal-unworded = That did not work ({ $code }).
refusal-kind-invalid = Something in the form is wrong.
    .advice = Correct it and send again.
refusal-kind-not_found = Not found.
    .advice = Check the address, or search; what is outside your area also shows as not found.
refusal-kind-forbidden = You may not do this.
    .advice = If your work needs it, ask the county administrator.
refusal-kind-conflict = Things have changed meanwhile.
    .advice = Reload the page and look at the present state.
refusal-kind-too_many = Too many or too much.
    .advice = Try later, or in several parts.
refusal-kind-unavailable = Not possible at the moment.
    .advice = Try again in a few minutes.

# web
refusal-web-required = This must be filled in
refusal-web-not_a_day = Write the day as 2026-03-05
refusal-web-not_a_month = Write the month as 2026-03
refusal-web-not_an_amount = Write the amount in yuan, digits only, at most two decimals
refusal-web-not_a_number = Write a whole number
refusal-web-form_unreadable = The form did not arrive whole.
    .advice = Send it again.
refusal-web-form_too_large = The form is too large.
    .advice = Upload files under Intake.
refusal-web-forged = This page is no longer valid.
    .advice = Reload the page and send again. You may have signed in again in another window.
refusal-web-no_such_page = There is no such page.
    .advice = Check the address, or use the navigation.
refusal-web-wrong_method = This address cannot be used that way.
    .advice = Use the buttons of the page.
refusal-web-signed_out = Please sign in first.

# access, store, kernel
refusal-access-forbidden = You may not do this.
    .advice = If your work needs it, ask the county administrator.
refusal-store-unavailable = The database cannot be reached at the moment.
    .advice = Nothing was written. Try again in a minute.
refusal-store-locked = The database is busy.
    .advice = Nothing was written. Try again in a few seconds.
refusal-store-interrupted = This took too long and was stopped.
    .advice = Nothing was written. Try with a smaller range.
refusal-store-disk_full = The disk is full; nothing was written.
    .advice = Ask the administrator to free space. What was saved is whole.
refusal-store-wrong_key = The key does not belong to this database.
    .advice = Find the key file made with this database, or restore it from the printed recovery code.
refusal-store-key_missing = The key file is missing.
    .advice = Fetch it from the backup, or restore it from the printed recovery code.
refusal-store-key_damaged = The key file is damaged.
    .advice = Fetch it from the backup, or restore it from the printed recovery code.
refusal-store-bad_address = The database address is not right.
    .advice = Write sqlite:PATH or postgres://HOST/NAME.
refusal-store-backup_with_pg_dump = PostgreSQL is backed up by its own tool.
    .advice = Use pg_dump; the operating manual has the steps.

# files
refusal-sheets-empty = The file is empty.
    .advice = Make sure the right file was exported.
refusal-sheets-too_large = The file has { $size } MB; at most { $limit } MB are taken.
    .advice = Split it by township or month.
refusal-sheets-bomb = The file unpacks to far too much and was not read.
    .advice = Save it as a new .xlsx and upload that.
refusal-sheets-password = The workbook is protected by a password.
    .advice = Remove the password and upload again.
refusal-sheets-old_xls = This is the old .xls form.
    .advice = Save it as .xlsx or .csv.
refusal-sheets-html = This is a web page with the name of a workbook.
    .advice = Open it and save it as .xlsx.
refusal-sheets-unknown_form = This is neither a workbook nor a text table.
    .advice = We take .xlsx, .csv and their .gz.
refusal-sheets-broken = The file is damaged.
    .advice = Export it again; nothing was changed.
refusal-sheets-no_sheet = There is no such sheet in the workbook.
refusal-sheets-too_many_rows = The sheet has more than { $limit } rows.
    .advice = Split it by township or month.
refusal-sheets-too_many_cells = The sheet has more than { $limit } cells.
    .advice = Remove empty rows and columns.
refusal-sheets-too_many_columns = The sheet has more than { $limit } columns.
    .advice = Remove empty columns.
refusal-sheets-too_many_sheets = The workbook has more than { $limit } sheets.
    .advice = Split it into several workbooks.
refusal-sheets-long_line = Line { $row } is too long.
    .advice = See whether its quotation marks come in pairs.
refusal-sheets-io = Reading or writing the file failed.
    .advice = Try again; if it fails, ask the administrator to check the disk.
