# screening 筛查预警

# the inbox
screening-inbox-title = Leads
screening-inbox-lead = Households and villages that the rules found and somebody must look into.
screening-subject = Household / village
screening-place = Village
screening-severity = Severity
screening-reason = Reason
screening-department = Department
screening-due = Due
screening-opened = Found
screening-answered-on = Answered on
screening-withdrawn-on = Withdrawn on
screening-outcome = Finding
screening-rule = Rule
screening-any = Any
screening-any-place = All I may see
screening-filter = Filter
screening-due-today = Due today
screening-due-week = Due within 7 days
screening-due-overdue = Overdue
screening-due-new = Newly given out
screening-more-reasons = { $n ->
    [one] and one more reason
   *[other] and { $n } more reasons
}
screening-choose = Choose { $name }
screening-level-household = Household
screening-level-village = Lead about a village
screening-together = Answer the chosen leads together
screening-together-help = Tick them above, then give one finding and one reason. What cannot be answered stays as it is and is named.
screening-answer-chosen = Answer the chosen leads
screening-release = Give out the next wave
screening-release-help = Leads of the first screening are given out in waves: so many a week for each village, the gravest first.
screening-panel = Open leads

screening-none-open = No lead waits for an answer
screening-none-open-help = Leads appear here when a department's list has arrived and was screened. Try fewer filters.
screening-none-open-waiting = { $n } { $n ->
    [one] lead
   *[other] leads
} of the first screening have not been given out. Villages see them, and their days count, once they are.
screening-to-waiting = Give them out
screening-none-recorded = nothing of the kind is recorded
screening-not-on-list = the list arrived without this household
screening-row = row { $n }
screening-row-of = { $file } row { $n }
screening-channel-departments = found by screening the departments’ lists
screening-run = Screen everything
screening-run-done = Screened; the results stand below.
screening-more-rows = and { $n } more { $n ->
    [one] row
   *[other] rows
}
screening-none-second_look = Nothing waits for a second look
screening-none-second_look-help = A random tenth of the "no risk" answers to severe leads is looked at again by the township.
screening-none-waiting = Nothing waits to be given out
screening-none-waiting-help = Leads of the first screening stand in line and are given out in waves.
screening-none-answered = No lead has been answered yet
screening-none-answered-help = Answered leads stay here with their findings.
screening-none-withdrawn = No lead was withdrawn
screening-none-withdrawn-help = A lead whose reasons vanish before anybody answers, because data was corrected, is withdrawn by itself and kept here.

# words of states, severities, outcomes
screening-severity-severe = Severe
screening-severity-serious = Serious
screening-severity-notice = Notice
screening-state-waiting = Not given out
screening-state-open = Open
screening-state-second_look = Second look
screening-state-answered = Answered
screening-state-withdrawn = Withdrawn
screening-outcome-risk_confirmed = Risk confirmed
screening-outcome-risk_confirmed-help = There is a risk of poverty; the household goes on to identification
screening-outcome-no_risk = No risk
screening-outcome-no_risk-help = Say why
screening-outcome-already_covered = Already covered
screening-outcome-already_covered-help = Already monitored, or on dibao, tekun and the like
screening-outcome-helped_ordinary = Helped under ordinary policy
screening-outcome-helped_ordinary-help = Existing policy is enough; no monitoring needed
screening-outcome-not_found = Not found
screening-outcome-not_found-help = Moved, died, left the county; say which
screening-outcome-wrong_data = Wrong data
screening-outcome-wrong_data-help = Goes back to the department; say what is wrong

# one lead
screening-lead-of = Lead about the household of { $name }
screening-lead-of-village = Lead about { $name }
screening-lead-line = { $department } · { $channel } · found { $day }
screening-why = Why
screening-basis = Basis
screening-rule-version = { $rule } ({ $pack }, version { $version })
screening-hit-on = Hit on
screening-rule-retired = This rule is no longer in force; the sentence is kept as it was.
screening-sealed = not open to your role
screening-gone = Reasons that are gone ({ $n })
screening-gone-on = No longer so since { $day }
screening-raised-again = Raised again
screening-clock-working = { $days ->
    [one] 1 working day
   *[other] { $days } working days
} from { $from }, public holidays left out
screening-clock-calendar = { $days ->
    [one] 1 day
   *[other] { $days } days
} from { $from }
screening-household = Household
screening-open-household = Open its page
screening-household-number = Number
screening-persons = People
screening-people = { $n }, of them { $labour } able to work
screening-address = Address
screening-phone = Phone
screening-status = Status
screening-dibao = dibao
screening-tekun = tekun
screening-unknown = Still unknown
screening-unknown-help = These rules cannot tell for want of data; ask while you are there. Unknown is not the same as no risk.
screening-unknown-more = { $n ->
    [one] One more rule cannot tell
   *[other] { $n } more rules cannot tell
}
screening-unknown-not_delivered = the list behind "{ $what }" has not fully arrived
screening-unknown-not_recorded = nobody has recorded "{ $what }"
screening-unknown-no_value = "{ $what }" is not set here
screening-answer = Answer
screening-reason-code = Reason
screening-no-reason-code = Choose one, or write your own below
screening-reason-words = What you found
screening-reason-help = Write what you saw. No identity numbers, phones or bank accounts.
screening-send-answer = Send the answer
screening-second-look = Second look
screening-second-look-help = This severe lead was answered "no risk" and drawn at random: look again, please.
screening-look = Your view
screening-look-agree = Agree
screening-look-agree-help = There is no risk; the answer stands
screening-look-disagree = Disagree
screening-look-disagree-help = The lead is open again; say why
screening-send-look = Send your view
screening-next = What happens next
screening-next-confirmed = "Risk confirmed" goes on to identification; the township takes over.
screening-next-dismissed = Other findings are kept; whether the lead is raised again is for its rule to say.
screening-next-wrong_data = "Wrong data" goes back to the department to be put right.
screening-next-silent = Without an answer by its day it shows as overdue to township and county.
screening-next-second_look = The township looks again: the answer stands, or the lead is open once more.
screening-next-kept = The finding is kept; whether the lead is raised again is for its rule to say.
screening-history = Answers so far
screening-together-of = answered together, { $n ->
    [one] 1 lead
   *[other] { $n } leads
}
screening-withdrawn = Withdrawn by itself
screening-withdrawn-help = All its reasons went away before anybody answered (data was corrected or a list taken back). Nothing is left to look into.
screening-waits = Waiting to be given out
screening-waits-help = A lead of the first screening that the village does not have yet; no clock runs.
screening-given = { $who } answered on { $at }: { $outcome }

# offices that deliver no list but answer for rules
department-agriculture = Agriculture and rural affairs
department-health = Health commission

# notices
screening-answered-done = Answered.
screening-drawn-done = Answered. This lead was drawn at random for a second look by the township.
screening-released-done = Given out; the villages see them now.
screening-nothing-released-done = This week's budget is spent, or nothing waits.

# the workbook
screening-answers-title = Bring back answers
screening-answers-lead = A workbook of leads, filled in at the village, comes back here.
screening-answers-file = Workbook with answers
screening-answers-help = The .xlsx file from Export. Fill in "Finding" and "Because" only; leave the first two columns as they are.
screening-answers-send = Bring back
screening-answers-report = { $taken } answered, { $refused } not taken, { $blank } left blank
screening-answers-row = Row
screening-answers-what = Result
screening-answers-taken = Answered
screening-sheet-lead = Lead
screening-sheet-version = Version
screening-sheet-number = Household number
screening-sheet-head = Head
screening-sheet-village = Village and group
screening-sheet-severity = Severity
screening-sheet-reasons = Reasons
screening-sheet-due = Due
screening-sheet-outcome = Finding
screening-sheet-why = Because

# rules
screening-rules-title = Rules
screening-rules-lead = The rules in force, what each found and what came of it.
screening-book = { $pack }, version { $version }, { $n } rules.
screening-last-run = Last full screening: { $at }, { $ms } ms.
screening-level = About
screening-hits = Hits
screening-cannot-tell = Cannot tell
screening-live = Open
screening-answered = Answered
screening-confirmed = Confirmed
screening-confirmed-count = Risk confirmed
screening-wrong-data-count = Wrong data
screening-rule-broken = faulty, not run
screening-no-book = There are no rules yet
screening-no-book-help = Once a pack is published and households are imported, every rule stands here.
screening-rule-lead = Rule { $id }
screening-rule-leads = Leads of this rule
screening-rule-words = Condition
screening-rule-reads = What it reads
screening-from-list = list: { $list }
screening-rule-text = The rule as written
screening-rule-about = About
screening-results = Results
screening-thresholds = Thresholds
screening-tests = Tests
screening-no-tests = There are no tests.
screening-test-hit = hit
screening-test-miss = miss
screening-test-unknown = cannot tell
screening-test-passed = passed
screening-test-got = got: { $got }
screening-channel = Channel
screening-clock = Answer due
screening-days-working = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
screening-days-calendar = { $n ->
    [one] 1 day
   *[other] { $n } days
}
screening-again = Raised again
screening-again-months = { $n ->
    [one] 1 month
   *[other] { $n } months
} after the answer, if it still hits
screening-again-worse = when "{ $what }" is worse by { $by }
screening-again-never = never
screening-mechanism = Mechanism
screening-issue-field = "{ $field }" is wrong
screening-issue-unreadable = The file of the rule cannot be read
screening-issue-twice = Another file has the same id
screening-issue-failed = The database does not take this rule
screening-issue-slow = This rule is too slow
screening-issue-slow-ms = It was stopped after { $ms } ms; the other rules run

# refusals
refusal-screening-no_book = There are no rules to run yet.
    .advice = Publish a pack and import the households first.
refusal-screening-no_budget = Nobody has set how many leads a village is given in a week.
    .advice = Set the parameter leads_per_village_week in the pack.
refusal-screening-bad_folder = The folder of rules is unsound: { $problems }
    .advice = Mend it and try again; the rules in force have not changed.
refusal-screening-no_lead = There is no such lead.
    .advice = Check the address; leads outside your area also show as not found.
refusal-screening-no_rule_then = There was no rule { $rule } in force on { $day }.
    .advice = Choose another day, or start from the rules in force.
refusal-screening-no_rule = There is no rule { $rule } in force.
    .advice = Start from the list of rules.
refusal-screening-already_answered = { $who } answered this lead on { $at } ({ $outcome ->
    [risk_confirmed] risk confirmed
    [no_risk] no risk
    [already_covered] already covered
    [helped_ordinary] helped under ordinary policy
    [not_found] not found
   *[wrong_data] wrong data
}); your answer was not saved.
    .advice = If you see it differently, speak with them.
refusal-screening-not_released = This lead has not been given out yet.
    .advice = It can be answered once it is.
refusal-screening-withdrawn = The reasons of this lead are gone; it was withdrawn.
    .advice = Nothing is left to answer.
refusal-screening-changed = This lead has just changed; your answer was not saved.
    .advice = Read its present reasons, then send again.
refusal-screening-reason_needed = This finding needs a reason.
    .advice = Choose one from the list, or write a sentence.
refusal-screening-outcome_needed = Choose a finding.
    .advice = Choose one, then send.
refusal-screening-look_needed = Choose your view.
    .advice = Choose one, then send.
refusal-screening-not_drawn = This lead needs no second look, or has had it.
    .advice = Reload the page and look at its present state.
refusal-screening-own_answer = { $who } gave this answer and cannot look at it again.
    .advice = Somebody else must take the second look.
refusal-screening-none_chosen = No lead is chosen.
    .advice = Tick some, then send.
refusal-screening-too_many = At most { $most } leads can be answered at once.
    .advice = Send them in several parts.
refusal-screening-some_refused = { $answered } answered; { $refused } not saved, because somebody was first or they have changed.
    .advice = Look at them in the list below.
refusal-screening-no_workbook = This is no exported workbook of leads.
    .advice = Use the .xlsx file from Export with its heading and first two columns.
refusal-screening-sheet_no_lead = This row has no lead or version.
    .advice = Leave the first two columns as they are.
refusal-screening-sheet_outcome = Unknown finding "{ $text }"
    .advice = Write a finding as the page has it, such as "No risk".
refusal-screening-not_a_state = There is no such state of leads.
refusal-screening-not_an_outcome = There is no such finding.
    .advice = Choose one of the list.
refusal-screening-not_a_level = There is no such level of rules.
refusal-screening-not_a_severity = There is no such severity.

# what-if
screening-what-if = What if
screening-what-if-of = What if: { $rule }
screening-what-if-lead = Change a threshold or the condition and see who would come in, who would drop out, and how much work that makes for which village. Nothing is stored; the rules stay as they are.
screening-what-if-try = Try
screening-what-if-back = Back to the values in force
screening-what-if-today = In force: { $value }
screening-what-if-areas = The value in force differs from place to place; the trial takes one value for the whole county.
screening-what-if-no-knobs = This rule reads no parameter; change its condition instead.
screening-what-if-day = With the data of
screening-what-if-day-help = Empty is today. A past day is worked out anew from what was valid then: about ten seconds for a county the first time, quick after that.
screening-what-if-busy = Working it out… The data of a past day take about ten seconds.
screening-what-if-hits = households hit
screening-what-if-hits-villages = villages hit
screening-what-if-was = in force { $n } ({ $share })
screening-what-if-was-unknown = in force { $n }
screening-what-if-cut = Bars that are broken at the top are higher than drawn; the table has their numbers.
screening-what-if-came-in = in
screening-what-if-dropped-out = out
screening-what-if-unchanged = unchanged
screening-what-if-no-hit = no hit
screening-what-if-work = Work for the villages
screening-what-if-later = What was found later
screening-what-if-leads = { $in } come in; { $joined } of them have a live lead, which the rule joins; new leads: { $fresh }.
screening-what-if-weeks-of = Most of them in { $village }: { $n }, given out over { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
} at its weekly number.
screening-what-if-no-budget = Most of them in { $village }: { $n }. No weekly number of leads is set, so the weeks cannot be told.
screening-what-if-confirmed = Of the { $hits } that the rule in force hit on { $day }, { $before } were confirmed as a risk since; of the { $found } of the trial, { $after }.
screening-what-if-histogram = { $what }: how many have how much{ $unit ->
    [none] {""}
   *[other] , { $unit }
}
screening-what-if-line-today = in force { $value }
screening-what-if-line-tried = tried { $value }
screening-what-if-at-most = at most { $value }
screening-what-if-above = above { $value }
screening-what-if-below = below { $value }
screening-what-if-at-least = { $value } and more
screening-what-if-amount-unknown = For { $n } more the value is not known; they are not drawn.
screening-what-if-as-table = As a table
screening-what-if-range = Range
screening-what-if-rows = All
screening-what-if-no-histogram = The condition compares no amount with one number, so there is nothing to draw.
screening-what-if-townships = By township
screening-what-if-villages = Villages with most changes
screening-what-if-more-villages = { $n } more villages change.
screening-what-if-place = Place
screening-what-if-joined = have a lead
screening-what-if-new-leads = new leads
screening-what-if-weeks = weeks
screening-what-if-names = Who changes
screening-what-if-first = the first { $n }: those that come in, then those that drop out
screening-what-if-change = Change
screening-what-if-before = In force
screening-what-if-after = Tried
screening-what-if-at = Line { $line }, character { $column }:{" "}
screening-what-if-columns = All columns and forms stand in the reference of facts.
screening-what-if-unsound = This rule cannot be run as it stands
screening-what-if-unsound-help = It counts as hitting nobody. Put the condition right below to see what it would find.
screening-what-if-nothing = Put right what is marked; then it is worked out.
screening-what-if-cannot = This rule cannot be read, so nothing can be tried. Put its file right first.
screening-what-if-stopped = Stopped: it takes longer than { $seconds } seconds
screening-what-if-stopped-help = Nothing was changed. Write the condition more simply: fewer conditions on members, no repeated sums.
screening-what-if-refused = The database does not take this condition
screening-what-if-refused-help = Nothing was changed. Look at the sums: a number may be too large, or a divisor zero.
screening-what-if-no-rows = There is nothing to ask yet.
screening-what-if-everybody = Everybody is hit: { $n }, { $share } of all. Such a rule does not tell who is at risk.
screening-what-if-nobody-knows = For none of all { $all } can it be told: data are missing, or the sum has no result (a division by zero). That is not the same as no risk.
screening-what-if-most = More than half are hit: { $n } of { $all }, { $share }.
screening-what-if-nobody = Nobody is hit.
screening-what-if-as-it-is = The same as the rule in force. Move a slider or change the condition to see what changes.
screening-what-if-no-parameter = There is no parameter { $name }. Look at its name in the address.
screening-what-if-no-parameter-near = There is no parameter { $name }. Names that look alike: { $near }.
screening-what-if-no-number = “{ $text }” is no number.
screening-what-if-no-whole = “{ $text }” is no whole number.
screening-what-if-no-money = “{ $text }” is no amount; write yuan with at most two decimals.
screening-what-if-no-day = “{ $text }” is no day; a day is written 2026-06-30.
screening-what-if-no-yes = “{ $text }” is neither yes nor no.
screening-what-if-out-of-range = { $text } is out of range: 0 to { $most }.
screening-what-if-not-read = This condition does not read the parameter { $name }; another value changes nothing.
screening-what-if-to-come = { $day } is still to come; choose today or a day that has been.
screening-rule-as-text = Text of the rule
screening-rule-new-title = New rule
screening-rule-new-lead = Write condition, basis and sentence, and see at once how many it hits; put it into a draft, a second person publishes it.
screening-own-edit-lead = Changes go into a draft and hold once published; the rule as it was stays in the history.
screening-own-condition = Condition
screening-own-when-help = Such as persons > 0 and listed('drones', 12). Amounts in yuan; what is unknown cannot be told and is no miss.
screening-own-name = Insert a name
screening-own-name-help = Finds columns and own lists by title or code; the chosen one goes into the condition.
screening-own-functions = Functions
screening-own-of-household = household
screening-own-of-member = member
screening-own-of-village = village
screening-own-understood = Understood as
screening-own-count = Hits { $hits } now, cannot tell { $unknown }, of { $rows }.
screening-own-everybody = Hits { $hits } of { $rows }: nearly all. Check the condition.
screening-own-stopped = The condition is too slow and was stopped after { $ms } ms; make it simpler.
screening-own-evidence = Values shown with a hit
screening-own-about = Rule
screening-own-id = Number
screening-own-id-help = Letters, digits and hyphens; it is not changed later.
screening-own-title-zh = Chinese title
screening-own-title-en = English title
screening-own-days = Days to answer
screening-own-calendar = Counted as
screening-own-calendar-working = working days
screening-own-calendar-calendar = calendar days
screening-own-again = Raise again after months
screening-own-again-help = Empty: not raised again once answered.
screening-own-says = What a hit says
screening-own-evidence-more = Further columns shown
screening-own-evidence-more-help = Apart by semicolons; empty for those of the condition.
screening-own-explain-zh = Sentence (Chinese)
screening-own-explain-en = Sentence (English)
screening-own-explain-help = Such as “Out-of-pocket {"{"}oop_12m{"}"}, above {"{"}:oop_line{"}"}.” Written by itself where empty.
screening-own-examples-help = Best write one that hits, one that does not and one that cannot be told; each is checked when the rule goes into the draft. Values are parted by semicolons.
screening-own-examples-wrong = An example and the rule do not agree, see above.
screening-own-example = Example
screening-own-facts = Values
screening-own-missing = Lists not delivered
screening-own-expect = Should
screening-own-hit = hit
screening-own-miss = not hit
screening-own-unknown = cannot tell
refusal-screening-rule_example = This part of an example cannot be read: { $part }
    .advice = Write “column = value”, parted by semicolons; names as under “Insert a name”.
refusal-screening-rule_example_fails = Example “{ $name }” should be { $expected } and is { $got }
    .advice = Change the example or the condition.
refusal-screening-rule_example_differs = An example does not agree with the rule
refusal-screening-rule_form = The rule does not stand: { $problems }
    .advice = Mend what is marked.
refusal-screening-rule_incomplete = The rule is not complete
    .advice = Fill in what is marked.
refusal-screening-rule_there = There is a rule { $rule } already
    .advice = Choose another number, or open it to change it.
refusal-screening-rule_bad_id = Letters, digits and hyphens only
refusal-screening-rule_bad_clock = Write 1 to 366 days
refusal-screening-rule_bad_when = The condition does not stand, see below it
refusal-screening-rule_bad_sentence = The sentence names a column or parameter that is not known
refusal-screening-rule_bad_evidence = A column is not known
refusal-screening-rule_no_evidence = Name at least one column
screening-sheets-title = Lead sheets
screening-sheets-lead = One page for each household: what is known is printed, only what is missing is written; the village answers here, or the township types it in.
screening-sheets-one = Sheet
screening-sheets-number = Sheet
screening-sheets-due = due { $day }
screening-sheets-ask = Please fill in:
screening-sheets-town = Township
screening-sheets-open = Open leads
screening-sheets-everything = All sheets of this area
screening-sheets-none = No open leads
screening-sheets-none-help = When leads are open, their sheets can be printed here.
screening-sheets-more = The { $n } that are due first of { $total }; print by village to have the others.
screening-entry-title = Type in a sheet
screening-entry-lead = Type in what a village wrote on paper; who answered, who typed and from which sheet is kept.
screening-entry-sheet = Number of the sheet
screening-entry-sheet-help = Eight characters at the top right of the sheet.
screening-entry-find = Find the sheet
screening-entry-by = Answered by
screening-entry-by-help = As it is signed on the paper.
screening-entry-on = Answered on
screening-entry-send = Type in the answer
screening-entry-over = This lead is no longer open; nothing needs to be typed in.
screening-entry-done = Typed in.
screening-typed-by = typed in by { $who } from sheet { $sheet } of { $day }
screening-compare-title = Two drafts side by side
screening-compare-lead = What one would find and the other not, before either is published. Counted are the rules that differ.
screening-compare-one = On the left
screening-compare-other = On the right
screening-compare-published = As published
screening-compare-go = Compare
screening-compare-quarters = Over a past quarter:
screening-compare-ask = Choose two that differ.
screening-compare-none = There is no draft to compare yet.
screening-compare-same = No rule differs between the two.
screening-compare-stopped = It takes longer than a rule may and was left out.
screening-compare-only = only: { $side }
screening-compare-both = both
screening-compare-apart = households told apart
screening-compare-work = “{ $side }” finds { $n } households by these rules; { $fresh } of them have no lead yet.
screening-compare-later = On { $day } “{ $side }” would have found { $n } households; { $confirmed } of them ({ $share }) were confirmed as a risk since.
screening-compare-rules = Rules that differ
screening-compare-leads = new leads: { $side }
screening-compare-who = Who is told apart
screening-compare-villages = By village
refusal-screening-draft_unsound = The draft “{ $title }” cannot be read
    .advice = Open the draft and mend what is marked.
refusal-screening-day_to_come = { $day } is still to come
    .advice = Choose a day up to today.

screening-channel-household = declared by households
screening-channel-village = found in the village
screening-channel-media = media
department-household = Household
department-village = Village
department-media = Media
screening-told = { $channel }: { $said }.
screening-told-one = { $day } { $what }
screening-told-urgent = { $day } { $what } (urgent)
screening-told-objection = objects to the answer
screening-told-how = Somebody said so; it was not found by comparing lists. Only an answer of the village or the township settles it, and it does not go away when lists change.
screening-told-way = Way in
screening-told-read = read the words
screening-told-self = Declared by the household
screening-told-neighbour = Declared by a neighbour or relative
screening-told-village = Found in the village
screening-told-hotline = Hotline
screening-told-petition = Petition
screening-told-media = Media
