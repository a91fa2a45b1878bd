<?php
// Calls the archive by the WSDL at the address given, in the SOAP version that follows, with compressed requests.

require __DIR__ . '/calls.php';

const TYPES = 'urn:stacks:archive:types';

$version = $argv[2] === '1.2' ? SOAP_1_2 : SOAP_1_1;
$compression = SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5;
$archive = client($argv[1], ['soap_version' => $version, 'compression' => $compression]);

call('text', fn () => $archive->EchoText(['text' => 'a <b> & "c" ß 中 😀']));
call('numbers', fn () => $archive->KeepNumbers([
    'whole' => '123456789012345678901234567890',
    'amount' => '-0.123456789012345678901234567890',
    'long' => PHP_INT_MAX,
    'ratio' => 1.5e300,
    'flag' => true,
]));
call('dates', fn () => $archive->KeepDates([
    'day' => '2024-02-29',
    'hour' => '23:59:59.123',
    'moment' => '2024-02-29T12:00:00+02:00',
    'period' => 'P1Y2DT3H',
    'year' => '2024',
]));
call('bytes', fn () => array_map('bin2hex', (array) $archive->KeepBytes(['base64' => "\1\2\xff", 'hex' => "\n\xff"])));
foreach ([0, 1, 3] as $count) {
    call("array of $count back", fn () => $archive->ListNames(['count' => $count]));
}
call('array of 0 there', fn () => $archive->CountNames([]));
call('array of 1 there', fn () => $archive->CountNames(['name' => 'a']));
call('array with nil there', fn () => $archive->CountNames(['name' => ['a', null, '']]));
call('nil', fn () => $archive->FindRecord(['id' => 0]));
call('record', fn () => $archive->FindRecord(['id' => '123456789012345678901234567890']));
$record = [
    'id' => 7,
    'copy' => true,
    'title' => 'Map',
    'state' => 'in use',
    'place' => ['room' => 'B', 'shelf' => null, 'floor' => 2],
    'pages' => [4, 8],
    'value' => ['_' => '12.50', 'currency' => 'EUR'],
    'keyword' => ['a', 'b'],
    'donor' => 'Lem',
];
call('nested types', fn () => $archive->StoreRecord(['record' => $record]));
call('records', fn () => $archive->ListRecords(['state' => 'in use']));
call('recursive type', fn () => $archive->MirrorTree(['tree' => [
    'label' => 'abc',
    'branch' => [['label' => 'de'], ['label' => 'fg', 'branch' => [['label' => 'hi']]]],
]]));
call('enumeration', fn () => $archive->NextState(['state' => 'in use']));
call('derived types back', fn () => $archive->ListMedia());
$tape = new SoapVar(['name' => 'x', 'metres' => '3.25'], SOAP_ENC_OBJECT, 'Tape', TYPES);
call('derived type there', fn () => $archive->LengthOf(['medium' => $tape]));
call('declared fault', fn () => $archive->RemoveRecord(['id' => 12]));
call('another declared fault', fn () => $archive->RemoveRecord(['id' => 13]));
call('undeclared fault', fn () => $archive->RemoveRecord(['id' => 14]));
call('headers', function () use ($archive) {
    $ticket = new SoapHeader('urn:stacks:archive', 'Ticket', ['reader' => 'Ada', 'level' => 2], true);
    $answer = $archive->__soapCall('Borrow', [['id' => 1]], null, $ticket, $headers);
    return [$answer, $headers];
});
call('no header', fn () => $archive->Borrow(['id' => 1]));
call('header that must be understood and is not', function () use ($archive) {
    return $archive->__soapCall('Ping', [[]], null, new SoapHeader('urn:stacks:other', 'Seal', 'x', true));
});
call('nothing', fn () => $archive->Ping());
call('bare body', fn () => $archive->Describe('sealed'));
call('one way', fn () => $archive->Note(['text' => 'hello']));
