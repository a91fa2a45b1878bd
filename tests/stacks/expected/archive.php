text	{"text":"a <b> & \"c\" ß 中 😀"}
numbers	{"whole":"123456789012345678901234567890","amount":"-0.123456789012345678901234567890","long":9223372036854775807,"ratio":1.5e+300,"flag":true}
dates	{"day":"2024-02-29","hour":"23:59:59.123","moment":"2024-02-29T12:00:00+02:00","period":"P1Y2DT3H","year":"2024"}
bytes	{"base64":"0102ff","hex":"0aff"}
array of 0 back	{}
array of 1 back	{"name":["name 1"]}
array of 3 back	{"name":["name 1","name 2","name 3"]}
array of 0 there	{"count":0,"nil":0}
array of 1 there	{"count":1,"nil":0}
array with nil there	{"count":3,"nil":1}
nil	{"record":null}
record	{"record":{"title":"record 123456789012345678901234567890","state":"open","place":{"room":"A","shelf":null,"floor":-1},"pages":"1 2 3","value":{"_":"1234567890123456789012345678.90","currency":"EUR"},"keyword":["old"],"bought":"1999-12-31","id":9223372036854775807,"copy":false}}
nested types	{"record":{"title":"Map","state":"in use","place":{"room":"B","shelf":null,"floor":2},"pages":"4 8","value":{"_":"12.50","currency":"EUR"},"keyword":["a","b"],"donor":"Lem","id":7,"copy":true}}
records	{"record":[{"title":"record 3","state":"open","place":{"room":"A","shelf":null,"floor":-1},"pages":"1 2 3","value":{"_":"1234567890123456789012345678.90","currency":"EUR"},"keyword":["old"],"bought":"1999-12-31","id":3,"copy":false}]}
recursive type	{"tree":{"label":"cba","branch":[{"label":"gf","branch":[{"label":"ih"}]},{"label":"ed"}]}}
enumeration	{"state":"sealed"}
derived types back	{"medium":[{"name":"interview","metres":"12.50"},{"name":"harbour","colour":false}]}
derived type there	{"metres":"3.25"}
declared fault (1.1)	{"fault":"SOAP-ENV:Client","message":"no record 12","detail":{"UnknownRecord":{"id":"12","near":["11","13"]}}}
declared fault (1.2)	{"fault":"env:Sender","message":"no record 12","detail":{"UnknownRecord":{"id":"12","near":["11","13"]}}}
another declared fault (1.1)	{"fault":"SOAP-ENV:Server","message":"the record is sealed","detail":{"RecordSealed":{"until":"2099-12-31"}}}
another declared fault (1.2)	{"fault":"env:Receiver","message":"the record is sealed","detail":{"RecordSealed":{"until":"2099-12-31"}}}
undeclared fault (1.1)	{"fault":"SOAP-ENV:Server","message":"the cellar is under water","detail":null}
undeclared fault (1.2)	{"fault":"env:Receiver","message":"the cellar is under water","detail":null}
headers	[{"until":"2025-01-31"},{"Balance":{"left":7}}]
no header (1.1)	{"fault":"SOAP-ENV:Client","message":"no ticket","detail":null}
no header (1.2)	{"fault":"env:Sender","message":"no ticket","detail":null}
header that must be understood and is not (1.1)	{"fault":"SOAP-ENV:MustUnderstand","message":"Header not understood","detail":null}
header that must be understood and is not (1.2)	{"fault":"env:MustUnderstand","message":"Header not understood","detail":null}
nothing	{}
bare body	"it is sealed"
one way	null
