<?php
// Calls through PHP's SoapClient, each told as a line of its name, a tab and what came back as JSON.

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('serialize_precision', '-1');

/** PHP's own mapping makes floats of xs:integer; here it stays text. */
function client(string $wsdl, array $options = []): SoapClient
{
    $whole = [
        'type_ns' => 'http://www.w3.org/2001/XMLSchema',
        'type_name' => 'integer',
        'from_xml' => fn (string $xml) => trim(strip_tags($xml)),
        'to_xml' => fn (int|string $whole) => "<integer>$whole</integer>",
    ];
    return new SoapClient($wsdl, $options + ['typemap' => [$whole], 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
}

function call(string $name, callable $operation): void
{
    try {
        $answer = $operation();
    } catch (SoapFault $fault) {
        $answer = ['fault' => $fault->faultcode, 'message' => $fault->getMessage(), 'detail' => $fault->detail ?? null];
    }
    echo $name, "\t", json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
}
