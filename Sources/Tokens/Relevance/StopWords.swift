/// Words that say nothing of what a text is about: English function words and fillers, as ``Words`` gives them.
///
/// Other languages have none here, since one language's function word is another's noun; how rare a word is does most
/// of the work in any of them.
enum StopWords {
    static func contain(_ word: String) -> Bool {
        word.utf8.count <= longest && all.contains(word)
    }

    private static let longest = 7

    private static let all: Set<String> = [
        "a", "about", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "doe",
        "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "into", "is",
        "it", "its", "just", "me", "my", "no", "not", "of", "on", "or", "our", "she", "should", "so", "some", "than",
        "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "us", "was",
        "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
        // What fills pauses in speech.
        "ah", "er", "hm", "hmm", "mhm", "mm", "oh", "ok", "okay", "uh", "um", "yeah", "yep", "yes",
        // What an apostrophe cuts off.
        "d", "ll", "m", "re", "s", "t", "ve", "don", "didn", "doesn", "isn",
    ]
}
