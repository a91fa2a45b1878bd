//! Named sets of characters: multi-character escapes, categories and blocks (Part 2, appendix F.1.1).
//!
//! Blocks are those of the specification (Unicode 3.1), with names that Unicode gave later. Categories follow the
//! Unicode version of `regex-syntax`, as the specification encourages.

use regex_syntax::hir::Class;
use regex_syntax::hir::HirKind;

use crate::schema::pattern::set::CharSet;
use crate::schema::simple::names;

/// General categories; `Cs` has no characters outside of surrogates.
const CATEGORIES: [&str; 37] = [
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z",
    "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn", "Cs",
];

/// The set of `\p{name}`.
pub(crate) fn property(name: &str) -> Option<CharSet> {
    if let Some(block) = name.strip_prefix("Is") {
        return BLOCKS.iter().find(|(known, _)| *known == block).map(|(_, ranges)| CharSet::new(ranges.to_vec()));
    }
    if name == "Cs" {
        return Some(CharSet::default());
    }
    CATEGORIES.contains(&name).then(|| category(name))
}

/// The set of `\s`, `\i`, `\c`, `\d` or `\w`, by its lowercase letter.
pub(crate) fn multi(letter: char) -> Option<CharSet> {
    match letter {
        's' => Some(CharSet::new(vec![(0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20)])),
        'i' => Some(CharSet::new(names::NAME_START.to_vec())),
        'c' => Some(CharSet::new(names::NAME_CHAR.to_vec())),
        'd' => Some(category("Nd")),
        'w' => Some(category("P").union(&category("Z")).union(&category("C")).negate()),
        _ => None,
    }
}

fn category(name: &str) -> CharSet {
    let hir = regex_syntax::Parser::new().parse(&format!("\\p{{{name}}}"));
    let ranges = match hir.as_ref().map(regex_syntax::hir::Hir::kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect(),
        // a category of one character
        Ok(HirKind::Literal(literal)) => String::from_utf8_lossy(&literal.0).chars().map(|c| (u32::from(c), u32::from(c))).collect(),
        _ => Vec::new(),
    };
    CharSet::new(ranges)
}

/// A block's name without `Is`, and its ranges.
type Block = (&'static str, &'static [(u32, u32)]);

const BLOCKS: &[Block] = &[
    ("BasicLatin", &[(0x0000, 0x007F)]),
    ("Latin-1Supplement", &[(0x0080, 0x00FF)]),
    ("LatinExtended-A", &[(0x0100, 0x017F)]),
    ("LatinExtended-B", &[(0x0180, 0x024F)]),
    ("IPAExtensions", &[(0x0250, 0x02AF)]),
    ("SpacingModifierLetters", &[(0x02B0, 0x02FF)]),
    ("CombiningDiacriticalMarks", &[(0x0300, 0x036F)]),
    ("Greek", &[(0x0370, 0x03FF)]),
    ("GreekandCoptic", &[(0x0370, 0x03FF)]),
    ("Cyrillic", &[(0x0400, 0x04FF)]),
    ("CyrillicSupplement", &[(0x0500, 0x052F)]),
    ("CyrillicSupplementary", &[(0x0500, 0x052F)]),
    ("Armenian", &[(0x0530, 0x058F)]),
    ("Hebrew", &[(0x0590, 0x05FF)]),
    ("Arabic", &[(0x0600, 0x06FF)]),
    ("Syriac", &[(0x0700, 0x074F)]),
    ("ArabicSupplement", &[(0x0750, 0x077F)]),
    ("Thaana", &[(0x0780, 0x07BF)]),
    ("Devanagari", &[(0x0900, 0x097F)]),
    ("Bengali", &[(0x0980, 0x09FF)]),
    ("Gurmukhi", &[(0x0A00, 0x0A7F)]),
    ("Gujarati", &[(0x0A80, 0x0AFF)]),
    ("Oriya", &[(0x0B00, 0x0B7F)]),
    ("Tamil", &[(0x0B80, 0x0BFF)]),
    ("Telugu", &[(0x0C00, 0x0C7F)]),
    ("Kannada", &[(0x0C80, 0x0CFF)]),
    ("Malayalam", &[(0x0D00, 0x0D7F)]),
    ("Sinhala", &[(0x0D80, 0x0DFF)]),
    ("Thai", &[(0x0E00, 0x0E7F)]),
    ("Lao", &[(0x0E80, 0x0EFF)]),
    ("Tibetan", &[(0x0F00, 0x0FFF)]),
    ("Myanmar", &[(0x1000, 0x109F)]),
    ("Georgian", &[(0x10A0, 0x10FF)]),
    ("HangulJamo", &[(0x1100, 0x11FF)]),
    ("Ethiopic", &[(0x1200, 0x137F)]),
    ("Cherokee", &[(0x13A0, 0x13FF)]),
    ("UnifiedCanadianAboriginalSyllabics", &[(0x1400, 0x167F)]),
    ("Ogham", &[(0x1680, 0x169F)]),
    ("Runic", &[(0x16A0, 0x16FF)]),
    ("Tagalog", &[(0x1700, 0x171F)]),
    ("Hanunoo", &[(0x1720, 0x173F)]),
    ("Buhid", &[(0x1740, 0x175F)]),
    ("Tagbanwa", &[(0x1760, 0x177F)]),
    ("Khmer", &[(0x1780, 0x17FF)]),
    ("Mongolian", &[(0x1800, 0x18AF)]),
    ("Limbu", &[(0x1900, 0x194F)]),
    ("TaiLe", &[(0x1950, 0x197F)]),
    ("KhmerSymbols", &[(0x19E0, 0x19FF)]),
    ("PhoneticExtensions", &[(0x1D00, 0x1D7F)]),
    ("LatinExtendedAdditional", &[(0x1E00, 0x1EFF)]),
    ("GreekExtended", &[(0x1F00, 0x1FFF)]),
    ("GeneralPunctuation", &[(0x2000, 0x206F)]),
    ("SuperscriptsandSubscripts", &[(0x2070, 0x209F)]),
    ("CurrencySymbols", &[(0x20A0, 0x20CF)]),
    ("CombiningMarksforSymbols", &[(0x20D0, 0x20FF)]),
    ("CombiningDiacriticalMarksforSymbols", &[(0x20D0, 0x20FF)]),
    ("LetterlikeSymbols", &[(0x2100, 0x214F)]),
    ("NumberForms", &[(0x2150, 0x218F)]),
    ("Arrows", &[(0x2190, 0x21FF)]),
    ("MathematicalOperators", &[(0x2200, 0x22FF)]),
    ("MiscellaneousTechnical", &[(0x2300, 0x23FF)]),
    ("ControlPictures", &[(0x2400, 0x243F)]),
    ("OpticalCharacterRecognition", &[(0x2440, 0x245F)]),
    ("EnclosedAlphanumerics", &[(0x2460, 0x24FF)]),
    ("BoxDrawing", &[(0x2500, 0x257F)]),
    ("BlockElements", &[(0x2580, 0x259F)]),
    ("GeometricShapes", &[(0x25A0, 0x25FF)]),
    ("MiscellaneousSymbols", &[(0x2600, 0x26FF)]),
    ("Dingbats", &[(0x2700, 0x27BF)]),
    ("MiscellaneousMathematicalSymbols-A", &[(0x27C0, 0x27EF)]),
    ("SupplementalArrows-A", &[(0x27F0, 0x27FF)]),
    ("BraillePatterns", &[(0x2800, 0x28FF)]),
    ("SupplementalArrows-B", &[(0x2900, 0x297F)]),
    ("MiscellaneousMathematicalSymbols-B", &[(0x2980, 0x29FF)]),
    ("SupplementalMathematicalOperators", &[(0x2A00, 0x2AFF)]),
    ("MiscellaneousSymbolsandArrows", &[(0x2B00, 0x2BFF)]),
    ("CJKRadicalsSupplement", &[(0x2E80, 0x2EFF)]),
    ("KangxiRadicals", &[(0x2F00, 0x2FDF)]),
    ("IdeographicDescriptionCharacters", &[(0x2FF0, 0x2FFF)]),
    ("CJKSymbolsandPunctuation", &[(0x3000, 0x303F)]),
    ("Hiragana", &[(0x3040, 0x309F)]),
    ("Katakana", &[(0x30A0, 0x30FF)]),
    ("Bopomofo", &[(0x3100, 0x312F)]),
    ("HangulCompatibilityJamo", &[(0x3130, 0x318F)]),
    ("Kanbun", &[(0x3190, 0x319F)]),
    ("BopomofoExtended", &[(0x31A0, 0x31BF)]),
    ("KatakanaPhoneticExtensions", &[(0x31F0, 0x31FF)]),
    ("EnclosedCJKLettersandMonths", &[(0x3200, 0x32FF)]),
    ("CJKCompatibility", &[(0x3300, 0x33FF)]),
    ("CJKUnifiedIdeographsExtensionA", &[(0x3400, 0x4DB5)]),
    ("YijingHexagramSymbols", &[(0x4DC0, 0x4DFF)]),
    ("CJKUnifiedIdeographs", &[(0x4E00, 0x9FFF)]),
    ("YiSyllables", &[(0xA000, 0xA48F)]),
    ("YiRadicals", &[(0xA490, 0xA4CF)]),
    ("HangulSyllables", &[(0xAC00, 0xD7A3)]),
    ("HighSurrogates", &[(0xD800, 0xDB7F)]),
    ("HighPrivateUseSurrogates", &[(0xDB80, 0xDBFF)]),
    ("LowSurrogates", &[(0xDC00, 0xDFFF)]),
    ("PrivateUse", &[(0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]),
    ("PrivateUseArea", &[(0xE000, 0xF8FF)]),
    ("CJKCompatibilityIdeographs", &[(0xF900, 0xFAFF)]),
    ("AlphabeticPresentationForms", &[(0xFB00, 0xFB4F)]),
    ("ArabicPresentationForms-A", &[(0xFB50, 0xFDFF)]),
    ("VariationSelectors", &[(0xFE00, 0xFE0F)]),
    ("CombiningHalfMarks", &[(0xFE20, 0xFE2F)]),
    ("CJKCompatibilityForms", &[(0xFE30, 0xFE4F)]),
    ("SmallFormVariants", &[(0xFE50, 0xFE6F)]),
    ("ArabicPresentationForms-B", &[(0xFE70, 0xFEFE)]),
    ("Specials", &[(0xFEFF, 0xFEFF), (0xFFF0, 0xFFFD)]),
    ("HalfwidthandFullwidthForms", &[(0xFF00, 0xFFEF)]),
    ("OldItalic", &[(0x10300, 0x1032F)]),
    ("Gothic", &[(0x10330, 0x1034F)]),
    ("Deseret", &[(0x10400, 0x1044F)]),
    ("ByzantineMusicalSymbols", &[(0x1D000, 0x1D0FF)]),
    ("MusicalSymbols", &[(0x1D100, 0x1D1FF)]),
    ("MathematicalAlphanumericSymbols", &[(0x1D400, 0x1D7FF)]),
    ("CJKUnifiedIdeographsExtensionB", &[(0x20000, 0x2A6D6)]),
    ("CJKCompatibilityIdeographsSupplement", &[(0x2F800, 0x2FA1F)]),
    ("Tags", &[(0xE0000, 0xE007F)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_characters() {
        for name in CATEGORIES.iter().filter(|name| **name != "Cs") {
            assert!(!property(name).unwrap().ranges().is_empty(), "{name}");
        }
        assert_eq!(property("Cs"), Some(CharSet::default()));
        assert_eq!(property("Letter"), None);
        assert_eq!(property("IsKlingon"), None);
        assert_eq!(property("l"), None);
    }

    #[test]
    fn categories_and_blocks_hold_what_they_say() {
        assert!(property("Lu").unwrap().contains(0x41));
        assert!(!property("Lu").unwrap().contains(0x61));
        assert!(property("Sc").unwrap().contains(0x20AC));
        assert!(property("IsGreek").unwrap().contains(0x3B1));
        assert!(multi('d').unwrap().contains(0x661));
        assert!(multi('w').unwrap().contains(0x24));
        assert!(!multi('w').unwrap().contains(0x5F));
    }
}
