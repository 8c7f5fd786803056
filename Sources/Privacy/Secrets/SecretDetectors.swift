/// Everything that finds secrets.
enum SecretDetectors {
    /// In the order that decides between findings of one rank: the more a rule knows, the earlier it stands.
    static let all: [Detector] =
        TokenRules.all.map(\.detector) + structured + VendorRules.all.map(\.detector) + generic

    private static let structured = [
        PrivateKey.detector, ConnectionString.detector, AuthorizationHeader.bearer, AuthorizationHeader.basic,
        CommandLineUser.detector, KubernetesSecret.detector, MarkupPassword.detector, ServiceAccount.detector,
        FacebookToken.detector, DiscordToken.detector,
    ]

    private static let generic = [GenericSecret.key, GenericSecret.password]
}
