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
refusal-sheets-old_xls = This is a workbook of Excel 95 or before.
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

# the command line
refusal-cli-folder_missing = { $dir } is no data folder (its key file is missing).
    .advice = Make one with shouwang init, or name it with --dir.
refusal-cli-folder_taken = { $dir } has data in it already.
    .advice = Choose another with --dir.
refusal-cli-no_account = There is no account { $login } that is open today.
    .advice = shouwang user list prints the accounts.
refusal-cli-bench_empty = There are no households here yet, so there is nothing to measure.
    .advice = Take in a register with shouwang import first, or make a sample county with shouwang demo.
refusal-cli-cannot_read = { $file } cannot be read: { $why ->
    [not_found] there is no such file or folder
    [denied] permission denied
    [folder] it is a folder
    [no_folder] it is no folder
   *[other] { $detail }
 }.
    .advice = Check the path and its permissions.
refusal-cli-cannot_write = { $file } cannot be written: { $why ->
    [not_found] the folder above it does not exist
    [denied] permission denied
    [folder] it is a folder
    [no_folder] what is above it is no folder
   *[other] { $detail }
 }.
    .advice = Check the path and its permissions.
refusal-cli-config_damaged = { $file } cannot be used: { $why }.
    .advice = It may say database, listen and max_upload_mb, nothing else.
refusal-cli-not_a_list = { $name } is neither a file nor a list that is known.
    .advice = shouwang import --help says how lists are named; without a name they are recognised by content.
refusal-cli-other_list = This is not { $wanted } but { $found ->
    [unknown] no list that is known
   *[other] { $found }
 }; nothing was taken.
    .advice = Without a name lists are recognised by content.
refusal-cli-demo_loopback = { $dir } was made by demo: it is served on 127.0.0.1 only.
    .advice = For real work make a folder with shouwang init.
refusal-cli-cannot_listen = { $address } cannot be listened on: { $detail }.
    .advice = Another program may be there; choose another address or port with --listen.
refusal-cli-backup_exists = { $dir } exists; a backup never overwrites.
    .advice = Choose another name with --out, for example with the date.
refusal-cli-backup_inside = { $dir } lies inside the folder of originals; a backup cannot stand there.
    .advice = Put it outside the data folder, best on another machine.
refusal-cli-backup_journal = The chain of the journal does not hold; no backup was made.
    .advice = shouwang journal verify says where.
refusal-cli-not_a_backup = { $dir } is no backup folder: backup.json is missing.
    .advice = Name a folder that shouwang backup wrote.
refusal-cli-backup_damaged = backup.json in { $dir } is damaged.
    .advice = Take another backup.
refusal-cli-backup_other_key = Key { $key } does not open this backup, which was made with key { $made }.
    .advice = Find that key file, or use the printed recovery code.
refusal-cli-restore_head = Restored, but the head of the journal is not the one sealed in the backup.
    .advice = Do not use this folder; take another backup.
refusal-cli-not_a_match_file = { $file } was not written by shouwang match list --out.
    .advice = Write it first, fill in the column decision, and bring it back.
refusal-cli-option_database = The database address must be sqlite:PATH or postgres://….
    .advice = For example postgres://USER:PASSWORD@HOST/NAME.
refusal-cli-option_day = { $value } is no day.
    .advice = Write it like 2026-10-31.
refusal-cli-option_period = --period { $value } is no period.
    .advice = Write a month like 2026-09, or days like 2026-09-01..2026-09-30.
refusal-cli-option_area = { $value } is no area code.
    .advice = Write a code of 2, 4, 6, 9 or 12 digits.
refusal-cli-option_role = There is no role { $value }.
    .advice = It may be county, township, village, department, helper, bank, inspector, evaluator or leader.
refusal-cli-option_listen = --listen { $value } is no address.
    .advice = Write it like 127.0.0.1:8080.
refusal-cli-option_table_file = The name { $value } must end with .csv or .xlsx.
    .advice = For example --out list.xlsx.
refusal-cli-option_case = { $value } is no case.
    .advice = shouwang match list prints the cases.
refusal-cli-option_key = No key was given.
    .advice = Give the recovery code with --code or the key file with --key.
refusal-store-not_empty = The target database has data in it already.
    .advice = Make a new, empty database.
# departments
refusal-departments-no_office = There is no such office.
    .advice = Open it from the list of departments.
refusal-departments-not_back = This did not come back to your office.
    .advice = Open it from the returned rows and see how it stands now.
refusal-departments-not_an_answer = Choose corrected, right, or struck out.
    .advice = Choose one of the three and send again.
refusal-departments-words_needed = Say by what you know that the row is right.
    .advice = Name the papers that were looked at.
refusal-departments-said_already = { $who } has said something about this already.
    .advice = It cannot be overwritten; ask the county office if it must be put right.
refusal-departments-no_workbook = This is not a workbook taken from the returned rows.
    .advice = Take out the Excel, fill it in and bring back the same file.
refusal-departments-no_question = There is no such question.
    .advice = Open it from the questions to departments; what is outside your area is not shown.
refusal-departments-whom = Choose the office to ask.
    .advice = Only an office whose list this rests on can be asked.
refusal-departments-question_empty = Write the question.
    .advice = Say what the office should look into.
refusal-departments-answer_empty = Write the answer.
    .advice = Say what was found.
refusal-departments-answered_already = { $who } has answered already.
    .advice = Open the page again to read the answer.
refusal-departments-not_a_standing = There is no such standing of a list.
    .advice = Follow a link on the page.
refusal-screening-no_sheet = There is no sheet { $sheet }.
    .advice = Compare the eight characters at the top right of the sheet; what is outside your area is not shown.
refusal-screening-sheet_twice = More than one lead has the sheet { $sheet }.
    .advice = Open the household from the list of leads and answer there.
refusal-screening-paper_who = Write who answered.
    .advice = As it is signed on the paper.
refusal-screening-paper_day = The day on the paper cannot be: it lies before the lead was given out or after { $today }.
    .advice = Write the day that stands on the paper.
refusal-screening-paper_sheet = The number of the sheet does not belong to this lead.
    .advice = Find the sheet again by its number.
refusal-alarms-no_alarm = There is no such alarm.
    .advice = Open it from the list; what is outside your area is not shown.
refusal-alarms-words_needed = Write what is done.
    .advice = Say what is done and who leads.
refusal-alarms-said_already = { $who } has answered already.
    .advice = Open the page again to read the answer.
refusal-alarms-ended = This alarm has ended.
    .advice = It needs no answer; it stands among the ended ones.

refusal-past-not_a_day = The day of the past view cannot be read.
    .advice = Write it as 2026-03-31, or choose it in “As of …”.
refusal-past-day_to_come = The day of the past view lies after today ({ $today }).
    .advice = Choose today or an earlier day.
refusal-past-nothing_to_change = This is a past view: nothing can be changed in the past.
    .advice = Go back to today (the button in the band above) and change it there; a backdated correction carries its own day.
refusal-assistance-no_measure = There is no such measure.
    .advice = Open it from the page of the household or the list of help; what lies outside of your area shows as not there.
refusal-assistance-no_kind = This kind of help cannot be chosen.
    .advice = Choose a kind of the list.
refusal-assistance-words_needed = This kind of help must be described.
    .advice = Write what is given and how.
refusal-assistance-does_not_aim = This kind of help is not aimed at a chosen risk.
    .advice = Choose another kind, or only the risks that it can solve.
refusal-assistance-owner_needed = Nobody is named who answers for it.
    .advice = Write the name of the person.
refusal-assistance-due_when = The days do not fit: it is promised today or before, and given on that day or later.
    .advice = Correct the days.
refusal-assistance-household_closed = This household is closed.
    .advice = Plan it for the household that stands.
refusal-assistance-not_a_member = This person is no member of the household.
    .advice = Choose a member.
refusal-assistance-ended = This measure has ended.
    .advice = Nothing is to be written down; plan a new one where it is needed.
refusal-assistance-delivered_already = This measure was given already.
    .advice = Reload the page to see the proof.
refusal-assistance-delivered_when = The day lies between the promise and today.
    .advice = Correct the day.
refusal-assistance-proof_needed = Without a proof it does not count as given.
    .advice = Write the number of the voucher, contract, receipt or document.
refusal-assistance-amount_needed = A payment needs its amount, more than nothing.
    .advice = Write the amount in yuan.
refusal-assistance-term = It cannot run out before it was given.
    .advice = Correct the last day, or leave it empty.
refusal-assistance-other_office = Another office answers for this measure.
    .advice = That office writes it down.
refusal-assistance-changed = { $who } has just changed this measure.
    .advice = Reload the page and look before you go on.
refusal-assistance-not_recurring = This kind of help does not recur.
    .advice = Write down that it was given.
refusal-assistance-given_when = The day does not fit: today or before, while the measure stands.
    .advice = Correct the day.
refusal-assistance-given_already = That day is logged already.
    .advice = A day is logged once.
refusal-assistance-why_needed = No reason is given.
    .advice = Write why it ends or is handed over.
refusal-assistance-ended_when = The day does not fit: today or before, and not before it began.
    .advice = Correct the day.
refusal-assistance-helper_when = The day does not fit: today or before, and after the helper before began.
    .advice = Correct the day.
refusal-assistance-helper_needed = A helper has a name and a unit.
    .advice = Fill in both.
refusal-assistance-helper_changed = The helper of this household has just changed.
    .advice = Reload the page and look before you go on.
refusal-assistance-no_account = This is no account of a helper.
    .advice = Choose an account of a helper, or none.
refusal-assistance-form = The form is not complete.
    .advice = See the fields that are marked.
refusal-assistance-not_a_phone = This is no phone number.
    .advice = A mobile of 11 digits, or a line with its area code.
refusal-store-newer_program = This data folder was last opened by a newer program: its tables have change number { $number }, this program knows them up to { $last }. Nothing was touched.
    .advice = Start the newer program, or restore the backup that was made before the change.
refusal-cases-no_split = There is no such household that split off.
    .advice = Open the page of the case again.
refusal-cases-split_answered = { $who } has already said what becomes of this household.
    .advice = Open the page of the case again; what was said can be undone there.
refusal-cases-split_not_answered = Nobody has said anything of this household yet.
    .advice = Open the page of the case again.
refusal-cases-split_worked_on = Somebody has worked on the case of this household since.
    .advice = Go on with that case, or end it by a step of its own.
refusal-assistance-nobody_moved = The person lives where the help stands.
    .advice = Open the page of the help again.
refusal-cases-no_phase = There is no such part of a life.
    .advice = running, identify, help, remove, closed or all.
