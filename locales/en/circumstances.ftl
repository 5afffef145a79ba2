# Titles of the topics of records and of the income lines
circumstances-topic-register_household = Register, household
circumstances-topic-register_person = Register, person
circumstances-topic-hospital_stay = Hospital bill
circumstances-topic-school_roll = School roll
circumstances-topic-dropout_suspect = Suspected drop-out
circumstances-topic-social_assistance = Change of social assistance
circumstances-topic-disability_certificate = Disability certificate
circumstances-topic-house_grade = Grade of a dangerous house
circumstances-topic-water_outage = Village without water
circumstances-topic-job_event = Job lost, returned home, unpaid
circumstances-topic-disaster_loss = Disaster loss
circumstances-topic-loan_state = Small loan
circumstances-topic-death = Death
circumstances-topic-hukou_move = Household registration moved
circumstances-topic-vehicle = Vehicle
circumstances-topic-complaint = Complaint or hotline ticket
circumstances-topic-insurance = Insurance
circumstances-topic-schooling = Schooling
circumstances-topic-housing = Housing
circumstances-topic-water = Drinking water
circumstances-topic-health = Health
circumstances-topic-labour = Ability to work
circumstances-topic-work = Work
circumstances-topic-food = Food
circumstances-topic-clothing = Clothing
circumstances-topic-correction = Correction

circumstances-line-a1 = Wages from work
circumstances-line-a2 = Public post of a department
circumstances-line-a3 = Public post of the township
circumstances-line-a4 = Public post of the village
circumstances-line-a5 = Gathering and odd jobs
circumstances-line-b1 = Crops
circumstances-line-b2 = Livestock
circumstances-line-b3 = Forest and fruit
circumstances-line-b4 = Other business
circumstances-line-c1 = Dividends of collective assets
circumstances-line-c2 = Land leased out
circumstances-line-c3 = Finance project
circumstances-line-c4 = Planting or rearing through others
circumstances-line-c5 = Other property
circumstances-line-d1 = Family planning money
circumstances-line-d2 = Dibao
circumstances-line-d3 = Tekun support
circumstances-line-d4 = Pension
circumstances-line-d5 = Ecological compensation
circumstances-line-d6 = Other transfers
circumstances-line-e1 = Cost of crops
circumstances-line-e2 = Cost of livestock
circumstances-line-e3 = Cost of forest and fruit
circumstances-line-e4 = Other cost of business

# household page
circumstances-guarantees = Guarantees and drinking water
circumstances-source-opens = A source opens its row
circumstances-guarantee-schooling = Schooling
circumstances-guarantee-schooling-ok = { $of ->
    [0] No child of school age
    [one] The child of school age is at school
   *[other] All { $of } of school age at school
  }
circumstances-guarantee-schooling-bad = { $n } of { $of } of school age not at school
circumstances-guarantee-schooling-unknown = { $n } of { $of } of school age not known
circumstances-guarantee-insurance = Medical insurance
circumstances-guarantee-insurance-ok = { $of ->
    [one] Insured
   *[other] All { $of } insured
  }
circumstances-guarantee-insurance-bad = { $n } of { $of } not insured
circumstances-guarantee-insurance-unknown = { $n } of { $of } not known
circumstances-guarantee-housing = Housing
circumstances-guarantee-housing-ok = Safe
circumstances-guarantee-housing-bad = Dangerous, not yet dealt with
circumstances-guarantee-housing-unknown = Nobody has graded it
circumstances-guarantee-water = Drinking water
circumstances-guarantee-water-ok = Safe
circumstances-guarantee-water-bad = Not safe, or cut off
circumstances-guarantee-water-unknown = Nothing recorded
circumstances-guarantee-food = Food
circumstances-guarantee-food-ok = Enough
circumstances-guarantee-food-bad = Not enough
circumstances-guarantee-food-unknown = Nobody has looked yet
circumstances-guarantee-clothing = Clothing
circumstances-guarantee-clothing-ok = Enough
circumstances-guarantee-clothing-bad = Not enough
circumstances-guarantee-clothing-unknown = Nobody has looked yet
circumstances-income = Income
circumstances-income-per-head = a head, net, last 12 months
circumstances-income-net = Net income of the household, last 12 months
circumstances-income-before = A head, the 12 months before
circumstances-income-chart = Income of the household by month
circumstances-income-lines = { $n ->
    [one] One entry of the last 12 months
   *[other] { $n } entries of the last 12 months
}
circumstances-income-line = Line
circumstances-income-months = For
circumstances-income-amount = Amount
circumstances-income-source = Source
circumstances-block-wage = Wages
circumstances-block-business = Business
circumstances-block-property = Property
circumstances-block-transfer = Transfers
circumstances-out-of-pocket = { $amount } out of pocket
circumstances-topic-own_list = List of the county's own
circumstances-topic-old_register = Register of poor households before 2020
circumstances-old_register-exit = left it in { $year }
circumstances-income-share = share of { $amount } earned before the split
