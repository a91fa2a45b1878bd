<?php
// PHP's SoapServer behind `php -S`: /archive is document/literal in SOAP 1.1 and 1.2, /desk is rpc/literal.

const ARCHIVE = 'urn:stacks:archive';
const TYPES = 'urn:stacks:archive:types';

/** What the operations of archive.wsdl do; each takes the children of its element and gives those of the response. */
class Archive
{
    private ?object $ticket = null;

    public function __construct(private SoapServer $server)
    {
    }

    /** Called for the header of that name. */
    public function Ticket(object $ticket): void
    {
        $this->ticket = $ticket;
    }

    public function EchoText(object $in): array
    {
        return ['text' => $in->text];
    }

    public function KeepNumbers(object $in): object
    {
        return $in;
    }

    public function KeepDates(object $in): object
    {
        return $in;
    }

    public function KeepBytes(object $in): object
    {
        return $in;
    }

    public function ListNames(object $in): array
    {
        return ['name' => array_map(fn ($i) => "name $i", $in->count > 0 ? range(1, $in->count) : [])];
    }

    public function CountNames(object $in): array
    {
        $names = $in->name ?? [];
        $names = is_array($names) ? $names : [$names];
        return ['count' => count($names), 'nil' => count(array_filter($names, 'is_null'))];
    }

    public function FindRecord(object $in): array
    {
        return ['record' => $in->id == '0' ? null : self::record($in->id)];
    }

    public function StoreRecord(object $in): object
    {
        return $in;
    }

    public function ListRecords(object $in): array
    {
        return match ($in->state) {
            'open' => ['record' => [self::record(1), self::record(2)]],
            'in use' => ['record' => self::record(3)],
            default => [],
        };
    }

    public function GetTree(object $in): array
    {
        return ['tree' => self::tree($in->depth)];
    }

    public function MirrorTree(object $in): array
    {
        return ['tree' => self::mirrored($in->tree)];
    }

    public function NextState(object $in): array
    {
        $next = ['open' => 'in use', 'in use' => 'sealed', 'sealed' => 'open'];
        return ['state' => $next[$in->state]];
    }

    public function ListMedia(): array
    {
        return ['medium' => [
            new SoapVar(['name' => 'interview', 'metres' => '12.50'], SOAP_ENC_OBJECT, 'Tape', TYPES),
            new SoapVar(['name' => 'harbour', 'colour' => false], SOAP_ENC_OBJECT, 'Photo', TYPES),
        ]];
    }

    public function LengthOf(object $in): array
    {
        return ['metres' => $in->medium->metres ?? null];
    }

    public function RemoveRecord(object $in): array
    {
        if ($in->id === '13') {
            throw new SoapFault('Server', 'the record is sealed', '', ['until' => '2099-12-31'], 'RecordSealed');
        }
        if ($in->id === '14') {
            throw new SoapFault('Server', 'the cellar is under water');
        }
        throw new SoapFault('Client', "no record {$in->id}", '', ['id' => $in->id, 'near' => [$in->id - 1, $in->id + 1]], 'UnknownRecord');
    }

    public function Borrow(object $in): array
    {
        if ($this->ticket === null) {
            throw new SoapFault('Client', 'no ticket');
        }
        $this->server->addSoapHeader(new SoapHeader(ARCHIVE, 'Balance', ['left' => 9 - ($this->ticket->level ?? 0)]));
        return ['until' => $this->ticket->reader === 'Ada' ? '2025-01-31' : '2025-01-15'];
    }

    public function Ping(): void
    {
    }

    public function Describe(string $state): string
    {
        return "it is $state";
    }

    public function Note(object $in): void
    {
    }

    private static function record(int|string $id): array
    {
        return [
            'id' => $id,
            'copy' => false,
            'title' => "record $id",
            'state' => 'open',
            'place' => ['room' => 'A', 'shelf' => null, 'floor' => -1],
            'pages' => [1, 2, 3],
            'value' => ['_' => '1234567890123456789012345678.90', 'currency' => 'EUR'],
            'keyword' => ['old'],
            'bought' => '1999-12-31',
        ];
    }

    private static function tree(int $depth): array
    {
        $branches = $depth > 0 ? [self::tree($depth - 1), self::tree(0)] : [];
        return ['label' => "depth $depth", 'branch' => $branches];
    }

    private static function mirrored(object $tree): array
    {
        $branches = $tree->branch ?? [];
        $branches = is_array($branches) ? $branches : [$branches];
        return ['label' => strrev($tree->label), 'branch' => array_map(self::mirrored(...), array_reverse($branches))];
    }
}

/** What the operations of desk.wsdl do; each takes the parts of its request. Several parts of a reply are given by name. */
class Desk
{
    private string $lang = 'en';

    public function Lang(string $lang): void
    {
        $this->lang = $lang;
    }

    public function Negate(string $amount): string
    {
        return str_starts_with($amount, '-') ? substr($amount, 1) : "-$amount";
    }

    public function Split(string $text): array
    {
        return ['head' => substr($text, 0, 1), 'rest' => substr($text, 1), 'length' => strlen($text)];
    }

    public function ListNames(int $count): array
    {
        return ['name' => array_map(fn ($i) => "name $i", $count > 0 ? range(1, $count) : [])];
    }

    public function CountNames(object $names): int
    {
        $names = $names->name ?? [];
        return is_array($names) ? count($names) : 1;
    }

    public function Register(object $reader): object
    {
        $reader->number = 1;
        return $reader;
    }

    public function After(string $day): string
    {
        return $day === 'Mon' ? 'Tue' : 'Mon';
    }

    public function Greet(string $name): string
    {
        return ($this->lang === 'de' ? 'Hallo ' : 'Hello ') . $name;
    }

    public function Open(): void
    {
        throw new SoapFault('Server', 'not now', 'urn:stacks:porter', 'until Tuesday', 'Closed');
    }
}

/** PHP's own mapping makes floats of xs:integer; here it stays text. */
const WHOLE = [
    'type_ns' => 'http://www.w3.org/2001/XMLSchema',
    'type_name' => 'integer',
    'from_xml' => 'whole_from_xml',
    'to_xml' => 'whole_to_xml',
];

function whole_from_xml(string $xml): string
{
    return trim(strip_tags($xml));
}

function whole_to_xml(int|string $whole): string
{
    return "<integer>$whole</integer>";
}

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('display_errors', '0');
$options = ['typemap' => [WHOLE]];
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/archive') {
    $server = new SoapServer(__DIR__ . '/archive.wsdl', $options);
    $server->setObject(new Archive($server));
    $server->handle();
} elseif ($path === '/desk') {
    $server = new SoapServer(__DIR__ . '/desk.wsdl', $options);
    $server->setObject(new Desk());
    $server->handle();
} else {
    http_response_code(404);
}
