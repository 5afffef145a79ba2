# Alarms over areas
alarms-title = Area alarms
alarms-lead = When much comes together in one village or township it is no longer a matter of single households; in the order of the area codes, without any ranking.
alarms-open = Standing
alarms-ended = Ended
alarms-none = No village or township is over a threshold
alarms-none-ended = No alarm has ended yet
alarms-none-help = A village or township over a threshold appears here; it is looked at every minute.
alarms-asked = Alarms that are asked
alarms-asked-help = Sums of the households and what visits confirmed, asked of every village and township.
alarms-thresholds = Thresholds (parameters)
alarms-condition = Condition
alarms-over = Over
alarms-of = Asked
alarms-of-village = { $n ->
    [one] 1 village
   *[other] { $n } villages
  }
alarms-of-town = { $n ->
    [one] 1 township
   *[other] { $n } townships
  }
alarms-of-county = { $n ->
    [one] 1 county
   *[other] { $n } counties
  }
alarms-unknown = cannot tell: { $n }
alarms-troubles = Alarms that cannot be asked
alarms-rows = Open
alarms-basis = Basis
alarms-local = Set locally
alarms-since = since { $day }
alarms-until = ended { $day }
alarms-leads = led by { $office }
alarms-said-by = Answered by { $who }
alarms-words-help = What is done, who leads, until when. No personal data.
alarms-document-help = Name and number of the document or minutes; may be left empty.
alarms-answer-send = Send the answer
alarms-answered-done = Answered.
alarms-sheet-area = Area
alarms-sheet-above = Lies in
alarms-sheet-alarm = Alarm
alarms-sheet-severity = Severity
alarms-sheet-sentence = What is known
alarms-sheet-office = Leading office
alarms-sheet-from = Since
alarms-sheet-to = Ended
alarms-sheet-due = Answer due
alarms-sheet-words = What the county does
alarms-sheet-document = Document
alarms-sheet-by = Answered by
alarms-sum = sum of the households
