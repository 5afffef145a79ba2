# areas
refusal-areas-no_such_village = There is no such village, or it is no longer in use.
    .advice = Choose a village that is in use.
refusal-areas-cannot_merge = These two villages cannot be merged.
    .advice = Only two different villages of one county can be merged.
refusal-areas-no_headings = The file { $file } has no heading row of a list of areas.
    .advice = It needs the columns code, name and level. Nothing was changed.
refusal-areas-unreadable = The file { $file } cannot be read ({ $reason }).
    .advice = Save it as CSV in UTF-8 and import it again. Nothing was changed.
finding-areas-missing = The new list does not have { $code }, which is in use.
    .advice = If it was merged or dissolved, say into which; otherwise complete the list.
