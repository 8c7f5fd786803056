/// Words after which a full stop ends no sentence. Initials and the like of "e.g." and "a.m." need no entry, nor those
/// that a small letter follows.
enum Abbreviations {
    /// Of all entries, in bytes.
    static let longest = 8

    /// - Parameter beforeNumber: Whether a number follows, as after "No. 5", where "no." may also end a sentence.
    static func contain(_ word: ArraySlice<UInt8>, beforeNumber: Bool) -> Bool {
        guard word.count <= longest else { return false }
        let lower = String(decoding: word, as: UTF8.self).lowercased()
        return always.contains(lower) || (beforeNumber && withNumber.contains(lower))
    }

    private static let always: Set<String> = [
        "al", "approx", "ca", "capt", "cf", "col", "dept", "dr", "eds", "eq", "eqs", "fig", "figs", "gen", "gov",
        "hon", "lt", "messrs", "mr", "mrs", "ms", "mt", "ph.d", "pp", "prof", "rep", "rev", "sen", "sgt", "st", "univ",
        "viz", "vol", "vols", "vs", "bzw", "usw", "vgl", "bspw", "ggf", "inkl", "nr", "mme", "mlle", "sra", "srta",
    ]

    private static let withNumber: Set<String> = [
        "art", "bd", "ch", "chap", "cl", "ed", "no", "nos", "para", "pt", "sec", "sect", "jan", "feb", "mar", "apr",
        "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    ]
}
