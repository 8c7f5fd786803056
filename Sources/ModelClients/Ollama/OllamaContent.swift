import OrchCore
import OrchProviders

/// Writes a message's content: its texts as one, its images as base64.
enum OllamaContent {
    static func write(_ content: JSONNode?, _ path: String, _ writer: inout JSONWriter) throws(ProviderError) {
        writer.key("content")
        guard let content, !content.isNull else {
            writer.string("")
            return
        }
        if content.kind == .string {
            writer.raw(content.slice)
            return
        }
        try OllamaFields.require(content.kind == .array, path, "must be a string or an array of parts")
        var texts: [String] = []
        var images: [String] = []
        for (index, part) in content.elements.enumerated() {
            try take(part, "\(path)[\(index)]", &texts, &images)
        }
        writer.string(texts.joined(separator: "\n"))
        guard !images.isEmpty else { return }
        writer.key("images")
        writer.beginArray()
        for image in images { writer.string(image) }
        writer.endArray()
    }

    private static func take(
        _ part: JSONNode, _ path: String, _ texts: inout [String], _ images: inout [String]
    ) throws(ProviderError) {
        let kind = part["type"]?.string
        for member in part.members where !member.value.isNull && member.key != "type" && member.key != kind {
            throw OllamaFields.unsupported(member.key, under: path)
        }
        switch kind {
        case "text":
            guard let text = part["text"]?.string else { throw .unsupported("\(path).text", "must be a string") }
            texts.append(text)
        case "image_url":
            let path = "\(path).image_url"
            guard let image = part["image_url"], let url = image["url"]?.string else {
                throw .unsupported("\(path).url", "must be a string")
            }
            if let detail = image["detail"], !detail.isNull, detail.string != "auto" {
                throw .unsupported("\(path).detail", "must be auto for Ollama")
            }
            guard let data = DataURL.imageBase64(url) else {
                throw .unsupported(path, "must be a data: URL that holds an image in base64: Ollama fetches none")
            }
            images.append(data)
        default:
            throw .unsupported("\(path).type", "must be text or image_url for Ollama")
        }
    }
}

/// Reads `data:` URLs (RFC 2397).
enum DataURL {
    /// The base64 of an image's URL; nil where it is not an image, or the base64 is not right.
    static func imageBase64(_ url: String) -> String? {
        guard let comma = url.firstIndex(of: ",") else { return nil }
        let head = url[..<comma].lowercased()
        guard head.hasPrefix("data:image/"), head.hasSuffix(";base64") else { return nil }
        let data = String(url[url.index(after: comma)...])
        return Base64.isValid(data.utf8) && !data.isEmpty ? data : nil
    }
}
