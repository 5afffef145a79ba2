# Papers
papers-title = Layouts of papers
papers-lead = How each paper looks: download its layout, change it in Word, send it back; earlier layouts are kept.
papers-column-paper = Paper
papers-column-about = What it is for
papers-column-layout = Layout in use
papers-shipped = The layout that ships
papers-own = County's version { $n }, from { $day }
papers-public = hangs in public
papers-in-use = in use
papers-later = begins later
papers-version = Version { $n }
papers-version-again = Version { $n } (version { $of } again)
papers-version-shipped = Ships with the program
papers-from-day = from { $day }
papers-fields = Placeholders
papers-fields-help = Written in double braces; replaced by the value when a paper is made. Both spellings are understood.
papers-column-write = Write
papers-column-or = or
papers-column-meaning = Value
papers-in-row = in one row of a table, which is repeated
papers-send = Send a changed layout
papers-send-help = Download the layout in use, change it in Word, save as .docx. Unknown placeholders, a missing list row and macros are pointed out, and nothing is taken then.
papers-public-help = This paper hangs in public: no identity number, phone, account or word about health in its layout.
papers-file = Layout (.docx)
papers-file-help = At most 2 MB.
papers-from = In use from
papers-versions = Versions
papers-download = Download layout
papers-use-again = Use again
papers-changed-done = The layout is saved.
papers-taken-back-done = Taken up again from today.
papers-problems = Mend these places in Word
papers-word = Word document
papers-workbook = Workbook
papers-matter-taking = Households to be taken in
papers-matter-removal = Households whose risk is gone
papers-matter-taken = Households taken in
papers-matter-removed = Households whose risk is gone, as decided
papers-sex-male = male
papers-sex-female = female
papers-kind-check_sheet = Household check sheet
papers-about-check_sheet = Taken to the household: what is known is on it, only what is missing or has changed is asked.
papers-kind-minutes = Minutes of a village review
papers-about-minutes = All households of one sitting with their results; made from the sitting.
papers-kind-notice = Village notice
papers-about-notice = For the village board: names of heads and groups, nothing else.
papers-kind-township_review = Township review list
papers-about-township_review = The households that a township has to review, on one list.
papers-kind-county_approval = County approval list
papers-about-county_approval = The households that the county has to approve, on one list.
papers-kind-announcement = Announcement
papers-about-announcement = The list that is announced after the county's approval.
papers-kind-card = Understanding card
papers-about-card = For the household: what it gets and whom to ask.
papers-kind-household_file = Household file
papers-about-household_file = Everything about one household from the lead to the removal.
papers-kind-ledger = Monthly case list
papers-about-ledger = The monitored households of the month.
papers-field-area-county = County
papers-field-area-town = Township
papers-field-area-village = Village
papers-field-paper-day = Day on which the paper is made
papers-field-paper-count = Households on the list
papers-field-paper-kind = Matter
papers-field-household-head = Head of household
papers-field-household-number = Household number
papers-field-household-group = Group
papers-field-household-size = People
papers-field-case-number = Case number
papers-field-case-state = State
papers-field-case-class = Class
papers-field-case-risks = Risks
papers-field-case-discovered = Found on
papers-field-case-identified = Identified on
papers-field-case-closed = Removed on
papers-field-facts-known = What is known: income, spending, guarantees, capacity
papers-field-facts-missing = What is not known yet
papers-field-check-risks = Risks as boxes to tick
papers-field-case-consent = Consent: who signed and when
papers-field-case-steps = Steps, one a line
papers-field-help-helper = Helper
papers-field-help-unit = Helper's office
papers-field-help-phone = Phone (left blank to be written in)
papers-field-help-measures = Help, one a line
papers-field-member-n = Number
papers-field-member-name = Name
papers-field-member-kin = Relation to the head
papers-field-member-sex = Sex
papers-field-member-birth = Month of birth
papers-field-notice-from = Notice from
papers-field-notice-until = Notice until
papers-field-sitting-day = Day of the sitting
papers-field-sitting-place = Place of the sitting
papers-field-sitting-presided = Presided by
papers-field-sitting-recorder = Minutes kept by
papers-field-sitting-present = People present
papers-field-sitting-attending = Who was there
papers-field-sitting-minutes = What was said
papers-field-ledger-month = Month
papers-field-list-n = No.
papers-field-list-head = Head
papers-field-list-village = Village
papers-field-list-group = Group
papers-field-list-number = Household number
papers-field-list-case = Case number
papers-field-list-class = Class
papers-field-list-risks = Risks
papers-field-list-kind = Matter (taking in or removal)
papers-field-list-state = State
papers-field-list-discovered = Found on
papers-field-list-identified = Identified on
papers-field-list-closed = Removed on
papers-field-list-opinion = Opinion (left blank to be written in)
papers-field-list-helper = Helper
papers-field-list-result = Result
papers-field-list-agreed = For
papers-field-list-words = What was said
refusal-papers-not_docx = This file is no .docx document.
    .advice = Open it in Word and save it as .docx.
refusal-papers-macro = The document carries a macro.
    .advice = Save it as .docx without macros.
refusal-papers-fetches = The document fetches or embeds another file ({ $what }).
    .advice = Remove links, embedded objects and fields that fetch something.
refusal-papers-too_large = The document is larger than { $limit } MB.
    .advice = Leave out large pictures.
refusal-papers-broken = The document is damaged and cannot be read.
    .advice = Let Word repair it, save it and send it again.
refusal-papers-unknown_placeholder = { $where ->
        [row] table { $table }, row { $row }
        [beside] header, footer or note
       *[other] paragraph { $row }
    }: the placeholder “{ $name }” is not known.
    .advice = Correct it by the list of placeholders.
refusal-papers-open_placeholder = { $where ->
        [row] table { $table }, row { $row }
        [beside] header, footer or note
       *[other] paragraph { $row }
    }: the braces before “{ $name }” do not close.
    .advice = Close them in the same paragraph.
refusal-papers-outside_row = { $where ->
        [row] table { $table }, row { $row }
        [beside] header, footer or note
       *[other] paragraph { $row }
    }: “{ $name }” belongs into a row of a table.
    .advice = Move it into the row of the list.
refusal-papers-no_row = No row takes up the list: a table needs one row with placeholders of the list.
    .advice = Copy that row from the layout in use.
refusal-papers-not_public = { $where ->
        [row] table { $table }, row { $row }
        [beside] header, footer or note
       *[other] paragraph { $row }
    }: what hangs in public must not hold “{ $what }”.
    .advice = Remove identity numbers, phones, accounts and words about health.
refusal-papers-not_public_made = This paper holds “{ $what }” ({ $text }) and must not hang in public.
    .advice = Correct the name of the household or place first.
refusal-papers-not_taken = The layout was not taken: { $count } places to mend.
    .advice = Mend them and send it again; the layout in use stays.
refusal-papers-no_file = A file and a day are needed.
    .advice = See the marked places.
refusal-papers-begins_in_the_past = A layout cannot begin in the past.
    .advice = Choose today or a later day.
refusal-papers-no_such_paper = There is no such paper.
    .advice = Open it from the list of papers.
refusal-papers-no_such_version = There is no such version.
    .advice = Choose one of the versions.
