using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Sessions;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>A new account, signed in.</summary>
internal sealed record Registration(User User, IssuedTokens Tokens);
