# Search
search-title = Search
search-lead = People, households, leads, villages, lists.
search-what = Look for
search-ask = What are you looking for?
search-ask-help = A name, pinyin or initials, an ID number or its last six, a phone or its end, a household number, a village, a list or file.
search-nothing = Nothing found for “{ $text }”
search-nothing-help = Try another form: the initials of a name, the last six of the ID number, the household number. What lies outside your area does not appear.
search-people = People
search-batches = Lists
search-pages = Pages
search-head = Head
search-born = born { $day }
search-household-number = household { $number }
search-members = { $n ->
    [one] 1 person
   *[other] { $n } people
}
search-former = formerly { $names }
search-all-households = All of them among the households
search-views = My views
