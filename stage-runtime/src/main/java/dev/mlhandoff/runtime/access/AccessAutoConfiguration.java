package dev.mlhandoff.runtime.access;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the check of tokens before every handler of a service. */
@AutoConfiguration
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(AccessProperties.class)
public class AccessAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  TokenSource tokenSource() {
    return TokenSource::bearer;
  }

  @Bean
  WebMvcConfigurer tokenCheck(AccessProperties properties, TokenSource source) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        if (properties.guarded()) {
          registry.addInterceptor(new TokenInterceptor(new Tokens(properties.tokens()), source));
        }
      }
    };
  }
}
