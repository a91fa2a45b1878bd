<?php
// Calls the library by the WSDL at the address given, in the SOAP version that follows.

require __DIR__ . '/calls.php';

$version = $argv[2] === '1.2' ? SOAP_1_2 : SOAP_1_1;
$library = client($argv[1], ['soap_version' => $version]);

call('text', fn () => $library->echo_text(['text' => 'a <b> & "c" ß 中 😀']));
call('decimals', fn () => $library->add(['a' => '123456789012345678901234567890', 'b' => '0.000000000000000000000000000001']));
call('integer', fn () => $library->square(['n' => '1000000000000001']));
$loan = ['on' => '2024-02-28', 'at' => '23:59:59', 'until' => '2024-12-31T12:00:00', 'period' => 'P3DT4H'];
call('dates', fn () => $library->extend_loan(['loan' => $loan, 'days' => 2]));
foreach ([0, 1, 3] as $count) {
    call("array of $count back", fn () => $library->numbers(['count' => $count]));
}
call('array of 0 there', fn () => $library->count_words(['words' => []]));
call('array of 1 there', fn () => $library->count_words(['words' => ['string' => ['one']]]));
call('array with nil there', fn () => $library->count_words(['words' => ['string' => ['one', null, '']]]));
call('nil array there', fn () => $library->count_words(['words' => null]));
call('absent result', fn () => $library->find_author(['name' => 'nobody']));
call('absent element', fn () => $library->find_author(['name' => 'Lem']));
$book = [
    'isbn' => '1',
    'title' => 'T',
    'genre' => 'novel',
    'authors' => ['Author' => [['name' => 'A', 'born' => '1921-09-12'], ['name' => 'B']]],
    'keyword' => ['x', 'y'],
    'price' => ['_' => '12.50', 'currency' => 'EUR'],
];
call('nested types', fn () => $library->store_book(['book' => $book]));
call('enumeration', fn () => $library->other_genres(['genre' => 'poetry']));
call('recursive type', fn () => $library->shelves(['depth' => 2]));
call('declared fault', fn () => $library->get_book(['isbn' => '7']));
call('undeclared fault', fn () => $library->get_book(['isbn' => 'broken']));
call('headers', function () use ($library) {
    $session = new SoapHeader('urn:stacks:library', 'Session', ['token' => 'abc', 'retries' => 2]);
    $answer = $library->__soapCall('reserve', [['isbn' => '7']], null, $session, $headers);
    return [$answer, $headers];
});
call('bytes', fn () => array_map('base64_encode', (array) $library->reverse(['data' => "\1\2\3", 'twice' => false])));
call('derived type', fn () => $library->media());
call('bare body', fn () => $library->price_of($book));
call('records', fn () => $library->books(['count' => 1]));
call('nothing there', fn () => $library->ping());
call('nothing back', fn () => $library->forget(['isbn' => '1']));
call('several results', fn () => $library->split(['text' => 'hello']));
