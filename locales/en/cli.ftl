# What the command line says: what each verb is, and results
cli-about = 守望 Shouwang: holds every rural household, screens all, and sees that every lead is answered
cli-about-demo = Make a sample county with its people, screen it, and serve it on this machine
cli-about-init = Make a data folder: key file, empty database, first account; print the recovery code
cli-about-areas = Areas: import the code list
cli-about-areas-import = Take in the statistical code list: code,name,official_name,level,parent_code,village_type,former_names,lon,lat
cli-about-import = Take in files: the register, incomes, departments' lists; a folder is recognised file by file
cli-about-match = Rows that only a person can assign: list, decide, undo
cli-about-match-list = Print the rows that wait for a person, beside the people they may speak of; or write them as a file to fill in
cli-about-match-decide = Decide who a row is about, or every row of a file that `match list --out` wrote and somebody filled in
cli-about-match-undo = Take your last decision back (or all those of the last file): its rows are asked again
cli-about-screen = Ask every household every question of the rule book and store the leads; other rules or days are only shown
cli-about-rules = Rules: check
cli-about-rules-check = Say which rules are wrong or slow, and why; exit code 1 where one is
cli-about-rules-sql = Print the rules about households as one statement over the table `household_facts`
cli-about-serve = Serve the web interface
cli-about-declare = The public page for declarations: run it apart, fetch what came in, publish where things stand
cli-about-declare-serve = Serve only the public page: it knows no database, only a folder with an inbox that grows, sealed to the county
cli-about-declare-fetch = Take in what is new in an inbox; the same file twice adds nothing
cli-about-declare-publish = Write townships, villages, phones and where every declaration stands into a folder
cli-about-user = Accounts: add, reset
cli-about-user-add = Create an account and print its first password
cli-about-user-reset = Give an account a new first password and lift a lock
cli-about-user-list = Print all accounts
cli-about-facts = The facts that rules read: derive them again, or print their reference
cli-about-clocks = Recall what of the cases is due, late or still to come; by itself this happens every night
cli-about-facts-rebuild = Derive every row again and mend what differs; after any sequence of writes nothing does
cli-about-facts-reference = The reference of all columns in Markdown, printed or written
cli-about-journal = The journal: verify the chain
cli-about-journal-verify = Walk the whole chain; exit code 1 where it does not hold
cli-about-export = Write a table as .csv or .xlsx, numbers of people masked
cli-about-backup = Copy the whole data folder into one archive folder while in use
cli-about-restore = Make a data folder from a backup and its recovery code or key file
cli-about-doctor = Look at the installation and say what is wrong with it
cli-about-bench = How long this county's own questions take on this machine: rules, what-ifs, lists, searches; reads only, within a minute
cli-option-dir = Data folder: key file, embedded database, originals of delivered files
cli-option-database = Database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME (default: sqlite in the data folder)
cli-option-today = The day on which the clock of the whole process stands, YYYY-MM-DD (it keeps ticking)
cli-option-lang = Language of the output: zh or en (default: that of the environment, Chinese where it names none)
cli-option-json = Print data as JSON
cli-option-as-login = Act as this account (default: the program itself)
cli-option-demo-households = Households of the sample county
cli-option-demo-seed = The same seed makes the same county
cli-option-demo-no-serve = Make the county and stop
cli-option-demo-listen = Address and port to listen on, on this machine only; the port 0 takes a free one
cli-option-demo-public-listen = Address and port for the public side, where people declare without login, on this machine only
cli-option-init-county = Code of the county, 6 or 12 digits, for the first account
cli-option-init-login = Login of the first account (role: county)
cli-option-import-what = Which list it is (a template such as medical_stays, a list such as register, or a department such as education; `auto` recognises it by the content), then files; or just files or a folder
cli-option-import-period = The month or period that the files speak of: 2026-09 or 2026-09-01..2026-09-30
cli-option-import-dry-run = Look only: print what would become of every row, write nothing
cli-option-import-rows-out = Write one line for each row: file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason
cli-option-screen-as-of = Ask as of this day, YYYY-MM-DD; nothing is stored
cli-option-screen-rules = Ask the rules of this folder (a pack, or rule files alone); nothing is stored
cli-option-screen-out = Write every answer: rule_id,household_id,severity,certainty,explanation
cli-option-serve-listen = Address and port to listen on; the port 0 takes a free one
cli-option-serve-public-listen = Address and port for the public side, where people declare without login
cli-option-declare-serve-listen = Address and port to listen on; the port 0 takes a free one
cli-option-declare-serve-inbox = Folder with what the county published; the inbox grows in it
cli-option-declare-serve-proxied = Requests come through a proxy that writes the address of the caller into X-Forwarded-For
cli-option-declare-fetch-from = The folder of the public side, or an inbox file that was carried here
cli-option-declare-publish-to = The folder of the public side, or one that is carried there
cli-declare-fresh = new declarations
cli-declare-placed = of these placed
cli-declare-waiting = of these to be placed
cli-declare-known = taken in before
cli-declare-unreadable = cannot be read
cli-declare-published = Published to { $folder }
cli-declare-unchanged = Nothing changed: { $folder }
cli-option-export-table = What to write
cli-option-export-out = The file: .csv or .xlsx
cli-option-bench-times = How often each question is asked
cli-option-backup-out = Folder to write, which must not exist
cli-option-restore-from = Folder written by `backup`
cli-option-restore-code = Recovery code, as `init` printed it; or give the key file with --key
cli-option-restore-key = The key file of the county; or give the recovery code with --code
cli-option-areas-import-file = The file, UTF-8
cli-option-areas-import-dry-run = Say what the list would change, and keep nothing
cli-option-rules-check-rules = Check the rules of this folder instead of the county's own; nothing is stored
cli-option-user-add-login = The name typed at sign-in
cli-option-user-add-name = The person's name
cli-option-user-add-role = county, township, village, department, helper, bank, inspector, evaluator or leader
cli-option-user-add-area = Code of the area in which the person works, 6, 9 or 12 digits
cli-option-user-add-department = Office whose lists the person delivers, such as medical_insurance (医保局)
cli-option-user-add-list = Only the households on this list (may be repeated)
cli-option-user-reset-login = The name typed at sign-in
cli-option-facts-reference-out = Where to write it; printed when left out
cli-option-match-list-list = Only rows of this list, such as medical_stays
cli-option-match-list-department = Only rows from this office, such as medical_insurance
cli-option-match-list-state = In which state
cli-option-match-list-limit = Rows of one page
cli-option-match-list-after = Begin after this case, the last of the page before
cli-option-match-list-out = Write all of them, not one page, to a .csv or .xlsx with a column for decisions
cli-option-match-decide-case = The case as `match list` prints it
cli-option-match-decide-person = It is this candidate: its number in the register, or its place in the list (1 is the likeliest)
cli-option-match-decide-not-here = It is none of them; nobody in this county
cli-option-match-decide-reject = The row itself is wrong; it goes back to its department
cli-option-match-decide-reason = Why, for the journal
cli-option-match-decide-from = A .csv or .xlsx from `match list --out`: in the column `decision` a candidate's number or place, not_here (不在本县) or reject (退回); what is left empty stays open
cli-option-help = Print help
cli-option-version = Print version
cli-help-usage = Usage:
cli-help-verbs = Commands
cli-help-arguments = Arguments
cli-help-options = Options

cli-rows = { $n ->
    [one] 1 row
   *[other] { $n } rows
}
cli-seconds = { $n } s
cli-time = time
cli-folder = data folder
cli-login = login
cli-password = password
cli-password-first = { $password }   (to be changed at the first sign-in)
cli-key = key
cli-fingerprint = { $key } (fingerprint)
cli-code = recovery code
cli-code-help = Print the recovery code and lock it away: without it and the key file a backup cannot be opened.
cli-areas-added = added
cli-areas-renamed = renamed
cli-areas-reclassed = reclassed
cli-areas-succeeded = succeeded
cli-areas-findings = findings
cli-backup = backup
cli-journal = journal
cli-backup-journal = { $n ->
    [one] 1 entry
   *[other] { $n } entries
}, head { $head }
cli-backup-key = { $key } (fingerprint; the key itself is not in the backup)
cli-restored = restored
cli-restored-journal = { $n ->
    [one] 1 entry
   *[other] { $n } entries
}, head as sealed
cli-clocks-cases = cases that run
cli-clocks-due = due today
cli-clocks-overdue = late
cli-clocks-reminded = new reminders
cli-clocks-standing = reminders that stand
cli-facts-villages = villages
cli-facts-households = households
cli-facts-changed = changed
cli-journal-entries = entries
cli-journal-head = head
cli-journal-result = result
cli-journal-holds = the chain holds
cli-journal-changed = entry { $n } was changed
cli-journal-missing = entries before { $n } are missing
cli-journal-cut = entries at the end were removed
cli-doctor-good = ok
cli-doctor-bad = BAD
cli-doctor-database = database
cli-doctor-journal = journal
cli-doctor-key = key
cli-doctor-originals = originals
cli-doctor-clock = clock
cli-doctor-sqlite = embedded SQLite
cli-doctor-postgres = PostgreSQL, collation { $collation } (must be C)
cli-doctor-migrations = { $engine }, { $n ->
    [one] 1 migration
   *[other] { $n } migrations
}
cli-doctor-journal-holds = { $n ->
    [one] 1 entry
   *[other] { $n } entries
}, the chain holds
cli-doctor-key-private = readable by its owner only
cli-doctor-key-open = readable by others: chmod 600
cli-doctor-writable = can be written
cli-doctor-unwritable = cannot be written
cli-doctor-today = today is { $day }
cli-import-rows = rows
cli-import-taken = taken
cli-import-repeats = repeats
cli-import-asked = asked
cli-import-not-here = not here
cli-import-rejected = rejected
cli-import-file = file
cli-import-known = (known already, nothing done)
cli-import-done = { $n ->
    [one] 1 file
   *[other] { $n } files
} in { $seconds } s
cli-screen-hits = hits
cli-screen-cannot-tell = cannot tell
cli-screen-rule = rule
cli-screen-done = { $opened ->
    [one] 1 lead
   *[other] { $opened } leads
} opened, { $joined ->
    [one] 1 reason
   *[other] { $joined } reasons
} joined, { $withdrawn } withdrawn, { $millis } ms

cli-bench-p50 = half within (ms)
cli-bench-p95 = 95% within
cli-bench-max = slowest
cli-bench-times = times
cli-bench-found = found
cli-bench-what = what was asked
cli-bench-rules-cold = all rules of all households, the first time
cli-bench-rules = all rules of all households, again
cli-bench-rules-village = all rules of one village
cli-bench-what-if = one rule tried with another threshold
cli-bench-households = a page of households
cli-bench-household = one household: people, statuses, leads, what rules cannot tell
cli-bench-search-name = search everywhere by name
cli-bench-search-number = search everywhere by household number
cli-bench-leads-open = a page of open leads and how many there are
cli-bench-leads-waiting = a page of waiting leads and how many there are
cli-bench-rule-book = the rules with what came of them
cli-bench-work = my work
cli-bench-done = Nothing was written; { $seconds } seconds in all.
