extension SettingType {
    /// The most items that a list may hold.
    static var itemLimit: Int { 1_000 }

    /// Items separated by commas; blanks around them and empty items do not count.
    static func list<Item: Sendable & Hashable>(
        of what: String,
        canonical: @escaping @Sendable (Item) -> String,
        parse: @escaping @Sendable (String) throws(SettingFault) -> Item
    ) -> SettingType<[Item]> where Value == [Item] {
        SettingType(
            "list",
            allowed: what + ", separated by commas",
            isTextual: true,
            canonical: { $0.map(canonical).joined(separator: ",") },
            parse: { (text: String) throws(SettingFault) -> [Item] in
                var items: [Item] = []
                for (position, itemText) in try Self.items(text).enumerated() {
                    let item: Item
                    do throws(SettingFault) {
                        item = try parse(itemText)
                    } catch {
                        throw SettingFault("item \(position + 1): \(error.reason)")
                    }
                    if !items.contains(item) { items.append(item) }
                }
                return items
            }
        )
    }

    /// The items of a comma-separated text.
    static func items(_ text: String) throws(SettingFault) -> [String] {
        let items = text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
        guard items.count <= itemLimit else { throw SettingFault("more than \(itemLimit) items") }
        return items
    }
}

extension SettingType where Value == [String] {
    /// Words of one's own choice, such as model names.
    static func list(of what: String) -> SettingType<[String]> {
        list(
            of: what,
            canonical: { $0 },
            parse: { (item: String) throws(SettingFault) -> String in
                guard !item.hasControlCharacters else { throw SettingFault("holds a control character") }
                return item
            }
        )
    }
}

extension SettingType where Value == [AllowedHost] {
    /// Hosts by which clients may call the server.
    static var allowedHosts: SettingType<[AllowedHost]> {
        let type: SettingType<[AllowedHost]> = list(
            of: "host, host:port or scheme://host:port",
            canonical: \.description,
            parse: { (item: String) throws(SettingFault) -> AllowedHost in try AllowedHost(item) }
        )
        return type.refusing("names no host, so that nobody would be answered") { !$0.isEmpty }
    }
}

extension SettingType where Value == [EgressRule] {
    /// Places that the process may connect to.
    static var egressRules: SettingType<[EgressRule]> {
        list(
            of: "loopback, name:port, address:port or network/bits:port",
            canonical: \.description,
            parse: { (item: String) throws(SettingFault) -> EgressRule in try EgressRule(item) }
        )
    }
}

extension SettingType where Value == [ModelAlias] {
    /// Names that stand for models.
    static var modelAliases: SettingType<[ModelAlias]> {
        let type: SettingType<[ModelAlias]> = list(
            of: "name=model",
            canonical: { "\($0.name)=\($0.model)" },
            parse: { (item: String) throws(SettingFault) -> ModelAlias in
                let (name, model) = try pair(item, form: "name=model")
                return ModelAlias(name: name, model: model)
            }
        )
        return type.refusing("one name stands for two models") { aliases in
            Set(aliases.map(\.name)).count == aliases.count
        }
    }
}

extension SettingType where Value == [ModelFallback] {
    /// Models that step in, in this order.
    static var modelFallbacks: SettingType<[ModelFallback]> {
        list(
            of: "provider=model with a provider of ollama, openai or local",
            canonical: { "\($0.provider.rawValue)=\($0.model)" },
            parse: { (item: String) throws(SettingFault) -> ModelFallback in
                let (name, model) = try pair(item, form: "provider=model")
                guard let provider = ProviderName(rawValue: name.lowercased()) else {
                    throw SettingFault("the provider is not known")
                }
                return ModelFallback(provider: provider, model: model)
            }
        )
    }
}

/// The two halves of an item at its first equals sign.
private func pair(_ item: String, form: String) throws(SettingFault) -> (String, String) {
    let halves = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
    guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty, !item.hasControlCharacters else {
        throw SettingFault("not of the form \(form)")
    }
    return (halves[0], halves[1])
}
