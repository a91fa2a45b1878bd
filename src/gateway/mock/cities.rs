//! The service behind `castile demo`: a dozen cities of old Castile, with a declared fault for any other name.
//!
//! It writes its XML by hand, as the services do that castile is made for, so that the demo shows the gateway in front
//! of somebody else's work. Populations are rounded to thousands (about 2021); places are degrees, north and east.

use serde_json::Value;

use super::Answer;
use super::Call;
use super::Service;
use crate::soap::fault::Code;
use crate::xml::writer::escape_text;

/// The contract of the service.
pub const WSDL: &str = include_str!("../../../wsdl/cities.wsdl");

const NS: &str = "https://castile.example/cities";

struct City {
    name: &'static str,
    region: &'static str,
    population: u64,
    rivers: &'static [&'static str],
    latitude: &'static str,
    longitude: &'static str,
    /// The year in which the old town, or a part of it, became World Heritage.
    heritage: Option<&'static str>,
}

const LEON: &str = "Castilla y León";
const LA_MANCHA: &str = "Castilla-La Mancha";
const MADRID: &str = "Comunidad de Madrid";

#[rustfmt::skip]
static TABLE: [City; 12] = [
    City { name: "Ávila", region: LEON, population: 58_000, rivers: &["Adaja"], latitude: "40.6564", longitude: "-4.7003", heritage: Some("1985") },
    City { name: "Burgos", region: LEON, population: 174_000, rivers: &["Arlanzón"], latitude: "42.3439", longitude: "-3.6969", heritage: Some("1984") },
    City { name: "Cuenca", region: LA_MANCHA, population: 54_000, rivers: &["Júcar", "Huécar"], latitude: "40.0704", longitude: "-2.1374", heritage: Some("1996") },
    City { name: "León", region: LEON, population: 122_000, rivers: &["Bernesga", "Torío"], latitude: "42.5987", longitude: "-5.5671", heritage: None },
    City { name: "Madrid", region: MADRID, population: 3_305_000, rivers: &["Manzanares"], latitude: "40.4168", longitude: "-3.7038", heritage: None },
    City { name: "Palencia", region: LEON, population: 77_000, rivers: &["Carrión"], latitude: "42.0096", longitude: "-4.5288", heritage: None },
    City { name: "Salamanca", region: LEON, population: 143_000, rivers: &["Tormes"], latitude: "40.9701", longitude: "-5.6635", heritage: Some("1988") },
    City { name: "Segovia", region: LEON, population: 51_000, rivers: &["Eresma", "Clamores"], latitude: "40.9429", longitude: "-4.1088", heritage: Some("1985") },
    City { name: "Soria", region: LEON, population: 40_000, rivers: &["Duero"], latitude: "41.7666", longitude: "-2.4790", heritage: None },
    City { name: "Toledo", region: LA_MANCHA, population: 86_000, rivers: &["Tajo"], latitude: "39.8628", longitude: "-4.0273", heritage: Some("1986") },
    City { name: "Valladolid", region: LEON, population: 298_000, rivers: &["Pisuerga", "Esgueva"], latitude: "41.6523", longitude: "-4.7245", heritage: None },
    City { name: "Zamora", region: LEON, population: 60_000, rivers: &["Duero"], latitude: "41.5033", longitude: "-5.7446", heritage: None },
];

/// The cities service.
#[derive(Clone, Copy, Debug)]
pub struct Cities;

impl Service for Cities {
    fn answer(&self, call: &Call<'_>) -> Answer {
        let request = &call.request;
        match &*call.operation.name {
            "GetCity" => get_city(request),
            "FindCities" => find_cities(request),
            "GetDistance" => get_distance(request),
            other => Answer::Fault { code: Code::Server, reason: format!("the demo has no answer for {other}"), detail: String::new() },
        }
    }
}

fn get_city(request: &Value) -> Answer {
    match find(text(request, "name")) {
        Err(fault) => fault,
        Ok(city) => {
            let mut body = open("GetCityResponse");
            write_city(&mut body, city);
            let header = request.pointer("/$headers/RequestId").and_then(Value::as_str).map_or_else(String::new, |id| {
                let mut header = format!("<c:RequestId xmlns:c=\"{NS}\">");
                push(&mut header, id);
                header + "</c:RequestId>"
            });
            Answer::Reply { headers: header, body: body + "</c:GetCityResponse>" }
        }
    }
}

fn find_cities(request: &Value) -> Answer {
    let region = request.get("region").and_then(Value::as_str);
    // A number beyond u64 asks for more inhabitants than any city has.
    let least = request.get("minPopulation").map_or(0, |number| number.as_u64().unwrap_or(u64::MAX));
    let mut body = open("FindCitiesResponse");
    for city in TABLE.iter().filter(|city| region.is_none_or(|region| region == city.region) && city.population >= least) {
        write_city(&mut body, city);
    }
    Answer::Reply { headers: String::new(), body: body + "</c:FindCitiesResponse>" }
}

fn get_distance(request: &Value) -> Answer {
    let (from, to) = match (find(text(request, "from")), find(text(request, "to"))) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(fault), _) | (_, Err(fault)) => return fault,
    };
    let body = open("GetDistanceResponse") + &format!("<c:kilometres>{:.1}</c:kilometres></c:GetDistanceResponse>", kilometres(from, to));
    Answer::Reply { headers: String::new(), body }
}

fn find(name: &str) -> Result<&'static City, Answer> {
    let wanted = plain(name);
    TABLE.iter().find(|city| plain(city.name) == wanted).ok_or_else(|| {
        let mut detail = open("UnknownCity");
        child(&mut detail, "name", name);
        for city in &TABLE {
            child(&mut detail, "known", city.name);
        }
        Answer::Fault { code: Code::Client, reason: format!("no city of that name: {name}"), detail: detail + "</c:UnknownCity>" }
    })
}

/// Lower case without accents.
fn plain(name: &str) -> String {
    let bare = |c| match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        c => c,
    };
    name.chars().flat_map(char::to_lowercase).map(bare).collect()
}

/// Along the great circle, on a sphere of 6371 km.
fn kilometres(from: &City, to: &City) -> f64 {
    let radians = |text: &str| text.parse::<f64>().unwrap_or_default().to_radians();
    let (north, other_north) = (radians(from.latitude), radians(to.latitude));
    let across = (radians(to.longitude) - radians(from.longitude)) / 2.0;
    let along = (other_north - north) / 2.0;
    let haversine = along.sin().powi(2) + north.cos() * other_north.cos() * across.sin().powi(2);
    2.0 * 6371.0 * haversine.sqrt().asin()
}

fn write_city(out: &mut String, city: &City) {
    out.push_str("<c:city>");
    child(out, "name", city.name);
    child(out, "region", city.region);
    child(out, "population", &city.population.to_string());
    for river in city.rivers {
        child(out, "river", river);
    }
    out.push_str(&format!("<c:place latitude=\"{}\" longitude=\"{}\"/>", city.latitude, city.longitude));
    if let Some(year) = city.heritage {
        child(out, "heritageSince", year);
    }
    out.push_str("</c:city>");
}

fn open(name: &str) -> String {
    format!("<c:{name} xmlns:c=\"{NS}\">")
}

fn child(out: &mut String, name: &str, value: &str) {
    out.push_str(&format!("<c:{name}>"));
    push(out, value);
    out.push_str(&format!("</c:{name}>"));
}

fn push(out: &mut String, value: &str) {
    let mut escaped = Vec::with_capacity(value.len());
    escape_text(&mut escaped, value);
    out.push_str(&String::from_utf8_lossy(&escaped));
}

fn text<'a>(request: &'a Value, key: &str) -> &'a str {
    request.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_found_whatever_its_case_and_accents() {
        assert_eq!(find("avila").ok().map(|city| city.name), Some("Ávila"));
        assert_eq!(find("LEÓN").ok().map(|city| city.name), Some("León"));
    }

    #[test]
    fn an_unknown_city_gives_the_declared_fault_with_the_known_ones() {
        let Err(Answer::Fault { detail, .. }) = find("Nowhere <&>") else { panic!("a fault is due") };
        assert!(detail.starts_with("<c:UnknownCity xmlns:c=\"https://castile.example/cities\"><c:name>Nowhere &lt;&amp;"), "{detail}");
        assert_eq!(detail.matches("<c:known>").count(), TABLE.len());
    }

    #[test]
    fn madrid_and_toledo_are_about_67_kilometres_apart() {
        let (Ok(from), Ok(to)) = (find("Madrid"), find("Toledo")) else { panic!("both are in the table") };
        assert!((66.0..69.0).contains(&kilometres(from, to)), "{}", kilometres(from, to));
    }
}
