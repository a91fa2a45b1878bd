<?php
// Calls the desk by the WSDL at the address given.

require __DIR__ . '/calls.php';

$desk = client($argv[1]);

call('decimal', fn () => $desk->Negate('123456789012345678901234567890.5'));
call('several parts back', fn () => $desk->Split('hello'));
foreach ([0, 1, 2] as $count) {
    call("array of $count back", fn () => $desk->ListNames($count));
}
call('array of 0 there', fn () => $desk->CountNames([]));
call('array with nil there', fn () => $desk->CountNames(['name' => ['a', null]]));
call('members of xs:all', fn () => $desk->Register(['born' => null, 'name' => 'Ada', 'days' => ['day' => ['Mon']]]));
call('enumeration', fn () => $desk->After('Mon'));
call('header', fn () => $desk->__soapCall('Greet', ['Ada'], null, new SoapHeader('urn:stacks:desk', 'Lang', 'de')));
call('declared fault', fn () => $desk->Open());
