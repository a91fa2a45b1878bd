text	{"echo_textResult":"a <b> & \"c\" ß 中 😀"}
decimals	{"addResult":"123456789012345678901234567890.000000000000000000000000000001"}
integer	{"squareResult":"1000000000000002000000000000001"}
dates	{"extend_loanResult":{"on":"2024-03-01","at":"23:59:59","until":"2025-01-02T12:00:00","period":"P5DT4H"}}
array of 0 back	{"numbersResult":{}}
array of 1 back	{"numbersResult":{"integer":["1"]}}
array of 3 back	{"numbersResult":{"integer":["1","2","3"]}}
array of 0 there	{"count_wordsResult":0}
array of 1 there	{"count_wordsResult":1}
array with nil there	{"count_wordsResult":3}
nil array there	{"count_wordsResult":-1}
absent result	{}
absent element	{"find_authorResult":{"name":"Lem"}}
nested types	{"store_bookResult":{"title":"T","genre":"novel","authors":{"Author":[{"name":"A","born":"1921-09-12"},{"name":"B"}]},"keyword":["x","y"],"price":{"_":"12.50","currency":"EUR"},"isbn":"1"}}
enumeration	{"other_genresResult":{"Genre":["novel","atlas"]}}
recursive type	{"shelvesResult":{"label":"level 2","shelf":{"Shelf":[{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}},{"label":"level 1","shelf":{"Shelf":[{"label":"level 0"},{"label":"level 0"}]}}]}}}
declared fault (1.1)	{"fault":"soap11env:Client.UnknownBook","message":"no book has the number 7","detail":{"UnknownBook":""}}
declared fault (1.2)	{"fault":"soap12env:Sender","message":"no book has the number 7","detail":{"UnknownBook":""}}
undeclared fault (1.1)	{"fault":"soap11env:Server.Shelf.Fallen","message":"the shelf fell","detail":null}
undeclared fault (1.2)	{"fault":"soap12env:Receiver","message":"the shelf fell","detail":null}
headers	[{"reserveResult":"7 for abc"},{"Receipt":{"number":"100000000000000000000000000001"}}]
bytes	{"reverseResult":"AwIB"}
derived type	{"mediaResult":{"Medium":[{"title":"Map"},{"title":"Solaris","minutes":167}]}}
bare body	{"_":"12.50","currency":"EUR"}
records	{"booksResult":{"Book":[{"title":"Book 0","genre":"atlas","authors":{},"isbn":"0"}]}}
nothing there	{"pingResult":"pong"}
nothing back	{}
several results	{"splitResult0":"h","splitResult1":5}
