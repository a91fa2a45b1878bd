decimal	"-123456789012345678901234567890.5"
several parts back	{"head":"h","rest":"ello","length":5}
array of 0 back	{}
array of 1 back	{"name":["name 1"]}
array of 2 back	{"name":["name 1","name 2"]}
array of 0 there	0
array with nil there	2
members of xs:all	{"name":"Ada","born":null,"days":{"day":["Mon"]},"number":1}
enumeration	"Tue"
header	"Hallo Ada"
declared fault	{"fault":"SOAP-ENV:Server","message":"not now","detail":{"Closed":"until Tuesday"}}
