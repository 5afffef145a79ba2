# the frame of pages, tables, forms, errors

# frame
web-product = Shouwang
web-skip = Skip to content
web-search = Search
web-search-hint = Person, household, lead, village, list
web-set-clock = The system date is set to this day; every due date counts from it
web-menu = Your menu
web-places = Places
web-place = Where you are
web-account = My account
web-sign-out = Sign out
web-print = Print
nav-work = My work
nav-households = Households
nav-leads = Leads
nav-cases = Cases
nav-assistance = Help
nav-intake = Intake
nav-match = To confirm
nav-rules = Rules
nav-policies = Policy
nav-areas = Areas
nav-accounts = People
nav-journal = Journal
role-county = County office
role-township = Township
role-village = Village
role-department = Department
role-helper = Helper
role-bank = Bank
role-inspector = Inspector
role-evaluator = Evaluator
role-leader = Leader

# days, numbers
web-days = { $n -> 
    [one] { $n } day
   *[other] { $n } days
 }
web-today = today
web-days-ago = { $n -> 
    [one] yesterday
   *[other] { $n } days ago
 }
web-months-ago = { $n ->
    [one] 1 month
   *[other] { $n } months
} ago
web-years-ago = { $n ->
    [one] 1 year
   *[other] { $n } years
} ago
web-in-days = { $n -> 
    [one] tomorrow
   *[other] in { $n } days
 }
web-clock-left = { $n -> 
    [one] { $n } day left
   *[other] { $n } days left
 }
web-clock-today = due today
web-clock-over = { $n -> 
    [one] { $n } day overdue
   *[other] { $n } days overdue
 }
web-yes = yes
web-no = no
web-unknown = not known
web-none = none

# tables
web-check-all = Check all
web-shown = { $n } shown
web-shown-of = { $n } of { $total } shown
web-first-page = Back to start
web-next-page = Next
web-view = Columns and rows
web-view-columns = Columns shown
web-view-rows = Rows
web-view-wide = Wide
web-view-compact = Close
web-view-apply = Apply
web-views = My views
web-views-open = Keep this list as a view
web-export = Export
web-more-filters = More filters
web-filter = Filter
web-clear = Clear filters
web-all = All

# forms
web-save = Save
web-cancel = Cancel
web-back = Back
web-open = Open
web-undo = Undo
web-continue = Continue
web-field-wrong = { $field }: { $what }
web-saved-done = Saved.
web-optional = optional

# explanations, charts
web-why = Why
web-why-condition = Condition
web-why-unknown = no source yet
web-why-basis = Basis
web-why-rule = Rule version
web-chart-window = Window: { $n } months

# errors
web-error-title = That did not work
web-error-safe-label = Your data
web-error-safe = Nothing was changed.
web-error-todo = What to do
web-reference = Reference
web-to-work = Back to my work
web-to-start = Back to the start
web-fault = The program failed; it is not your mistake.
    .advice = Try once more. If it fails again, give the reference number to your administrator.
web-fault-safe = Anything half done was taken back; what was saved before is untouched.
web-away = The server cannot be reached. What is on the page stays; try again in a while, or look at the connection.
nav-departments = Departments
web-copy = Copy the text
web-copied = Copied

# A past view
web-past-as-of = As of { $day }
web-past-known = as known on { $day }
web-past-only-look = A past view: everything is shown as it stood then; nothing can be changed here.
web-past-today = Back to today
web-past-compare = Compare with today
web-past-choose = As of …
web-past-choose-help = Show this page, and every page you go to from it, as of a past day.
web-past-day = As of
web-past-known-day = As known on
web-past-show = Show
