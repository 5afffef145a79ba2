# my work
work-title = My work
work-lead = What is to be done, by its day.
work-due-today = Due today
work-overdue = Overdue
work-new = New
work-waiting = Waiting for others
work-show-all = Everything to do
work-col-what = What
work-col-who = Who
work-col-where = Where
work-col-due = Due
work-shown = The { $n } that are due first; the rest stand in their own lists.
work-lead-severe = Lead: severe
work-lead-serious = Lead: serious
work-lead-notice = Lead: notice
work-lead-answer = Answer
work-lead-look = Look
work-lead-second = Second look
work-more-reasons = { $n ->
    [one] and one more reason
   *[other] and { $n } more reasons
}
work-since = given out { $n ->
    [one] 1 day
   *[other] { $n } days
} ago
work-proposal = { $kind }: to confirm
work-proposal-own = { $kind }: waits for the township
work-proposal-why = proposed by { $by } at { $at }
work-proposal-do = Confirm
work-step = First steps
work-step-areas = Import the code list of areas
work-step-areas-why = Townships and villages come first, so that households have a place.
work-step-areas-do = Import
work-step-register = Upload the register of households
work-step-register-why = All households and people; once accepted, departments' lists can be taken in.
work-step-register-do = Upload
work-step-screen = Run the first screening
work-step-screen-why = Once, when the departments' lists are in; later data is screened by itself.
work-step-screen-do = Screen
work-release = Leads to give out
work-release-why = { $waiting ->
    [one] 1 waits
   *[other] { $waiting } wait
}; { $now } may go out this week
work-release-do = Give out
work-match = Rows to decide
work-match-why = { $n ->
    [one] 1 row is
   *[other] { $n } rows are
} not certain, most of them in { $list }
work-match-do = Decide
work-not_listed = Not in the newest register
work-not_listed-why = The newest register does not name { $n } households or people; somebody must say what became of them
work-not_listed-do = Say what
work-batch = List to accept
work-batch-own = List waits for the county
work-batch-why = { $list }, { $n } rows, { $rejected } rejected
work-batch-do = Look
work-mend = Rows to mend
work-mend-why = { $list }: { $n } rows rejected; mend and upload again
work-mend-do = See findings
work-empty = Nothing to do
work-empty-help = Leads given to you, changes and lists to confirm will appear here.
work-empty-shown = Nothing here
work-empty-shown-help = See everything that is to be done.
work-whole-county = The county
work-question = Question to answer
work-question-own = Asked, waiting for the department
work-question-answered = The department has answered you
work-question-do = Answer
work-question-look = Read the answer
work-late = Lists are late
work-late-why = { $n ->
    [one] { $n } delivery is past its day
   *[other] { $n } deliveries are past their day
  }
work-late-do = See what is late
work-late-own-do = See the calendar
work-back = Returned rows to explain
work-back-why = { $n ->
    [one] { $n } came back and waits for your office
   *[other] { $n } came back and wait for your office
  }
work-back-do = Explain
work-brief = Morning brief
work-declared = Declarations to be placed
work-declared-why = { $n ->
    [one] One declaration waits for somebody to say whom it is about
   *[other] { $n } declarations wait for somebody to say whom they are about
  }
work-declared-do = Place
work-alarms = Alarms over areas
work-alarms-why = { $n ->
    [one] 1 area is over a threshold and waits for the county's word
   *[other] { $n } areas are over a threshold and wait for the county's word
  }; past their day: { $past }
work-alarms-do = Answer
work-case = Case
work-case-urgent = Case: help first
work-case-do = Take the step
work-cases = More cases to do
work-cases-why = { $n ->
        [one] One in all is your turn
       *[other] { $n } in all are your turn
    }
work-cases-do = See the list
work-papers = Help first: truth and consent still to be signed
work-papers-why = recalled since { $since }; it goes when the paper is there
work-papers-do = Record it
work-measures = Help that was promised
work-measures-why = { $n ->
        [one] one measure is not given yet
       *[other] { $n } measures are not given yet
    }
work-measures-why-over = { $n ->
        [one] one measure is not given yet
       *[other] { $n } measures are not given yet
    }, { $over } past the promised day
work-measures-do = See them
work-compared = Comparison of cases to answer
work-compared-why = { $n ->
        [one] one question waits for your office
       *[other] { $n } questions wait for your office
    }
work-compared-do = Answer
work-checks = Data checks to answer
work-checks-why = { $n ->
        [one] one question
       *[other] { $n } questions
    } about what does not fit together: mend it or say that it is really so
work-checks-some = What does not fit together: mend it or say that it is really so
work-checks-do = Look at them
work-objected = Objection to a case to answer
work-objected-why = the household said so on the public page on { $day }
work-objected-do = Answer
work-taken_over = Cases for households of earlier registers
work-taken_over-why = { $taken } of { $of } have theirs; nobody has to do anything
work-taken_over-do = Look
work-split = Split off a monitored household: check it
work-split-why = since { $day } a household of its own
work-split-do = Check
